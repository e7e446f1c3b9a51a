import { Type, type Static } from 'typebox';
import { Nullable } from '#core/values/schema.ts';

/** The public configuration of a store: the API's JSON, and what themes read. */
export const StoreSchema = Type.Object({
  id: Type.String(),
  slug: Type.String(),
  name: Type.String(),
  tagline: Type.String(),
  theme: Type.Union([Type.Literal('classic'), Type.Literal('modern'), Type.Literal('minimal')]),
  accent: Type.String({ examples: ['#0f766e'] }),
  currency: Type.String({ examples: ['AUD'] }),
  country: Type.String({ examples: ['AU'] }),
  locale: Type.String({ examples: ['en-AU'] }),
  timezone: Type.String({ examples: ['Australia/Melbourne'] }),
  phone: Type.Union([Type.String(), Type.Null()]),
  address: Type.Union([Type.String(), Type.Null()]),
  pickup: Type.Boolean(),
  shipping: Type.Boolean(),
  shipping_countries: Type.Array(Type.String({ examples: ['AU'] }), {
    description: 'Countries that at least one shipping zone covers',
  }),
  preparation_minutes: Type.Integer(),
});
export type Store = Static<typeof StoreSchema>;

const DayTime = (example: string) => Type.String({ examples: [example] });
const IntervalSchema = Type.Object({
  opens: DayTime('09:30'),
  closes: Type.String({
    examples: ['17:00', '02:00'],
    description: 'Not after the opening: on the next day',
  }),
});

export const OpeningHoursSchema = Type.Array(
  Type.Object({
    weekday: Type.Integer({ minimum: 1, maximum: 7, description: '1 for Monday to 7 for Sunday' }),
    ...IntervalSchema.properties,
  }),
  { description: 'By the clock of the store’s time zone; a store without hours is always open' },
);

export const SpecialDaysSchema = Type.Array(
  Type.Object({
    date: Type.String({ format: 'date' }),
    name: Type.String(),
    hours: Type.Array(IntervalSchema, { description: 'None when the store is closed' }),
  }),
  { description: 'Days with their own hours in place of their weekday’s' },
);

const Time = Type.String({ format: 'date-time' });

export const OrderingStateSchema = Type.Object({
  status: Type.Union([Type.Literal('open'), Type.Literal('closed'), Type.Literal('paused')]),
  opens_at: Nullable(
    Type.String({ format: 'date-time', description: 'Of a closed or paused store, as far as it is known' }),
  ),
  closes_at: Nullable(Time),
  busy_minutes: Type.Integer({ description: 'Minutes that preparing takes longer for the time being' }),
  busy_until: Nullable(Time),
});

/** The store with when it is open, and whether it takes orders at the moment. */
export const PublicStoreSchema = Type.Object({
  ...StoreSchema.properties,
  ordering: OrderingStateSchema,
  opening_hours: OpeningHoursSchema,
  special_days: SpecialDaysSchema,
});
export type PublicStore = Static<typeof PublicStoreSchema>;

export const SlotsSchema = Type.Object({
  date: Type.String({ format: 'date' }),
  timezone: Type.String(),
  asap_at: Nullable(
    Type.String({ format: 'date-time', description: 'When an order for as soon as possible would be ready' }),
  ),
  data: Type.Array(Type.Object({ starts_at: Time, ends_at: Time })),
  next_cursor: Type.Null(),
});
export type Slots = Static<typeof SlotsSchema>;
