import { Type, type Static } from 'typebox';
import { Absent, FilledLine, Line, Nullable } from '#core/values/schema.ts';
import { OrderingStateSchema, StoreSchema } from './store-view.ts';

/** The settings of a store, as those who manage it see and send them. */

const INTERVALS_PER_WEEK_MAX = 70;
const INTERVALS_PER_DAY_MAX = 10;
const SPECIAL_DAYS_MAX = 366;

const Time = Type.String({ format: 'date-time' });

const Interval = {
  opens: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', examples: ['18:00'] }),
  closes: Type.String({
    pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$',
    examples: ['02:00'],
    description: 'Not after the opening: on the next day',
  }),
};

const HOURS = {
  opening_hours: Type.Array(Type.Object({ weekday: Type.Integer({ minimum: 1, maximum: 7 }), ...Interval }), {
    maxItems: INTERVALS_PER_WEEK_MAX,
    description: 'None: always open',
  }),
  special_days: Type.Array(
    Type.Object({
      date: Type.String({ pattern: String.raw`^\d{4}-\d{2}-\d{2}$`, examples: ['2026-12-25'] }),
      name: Line(120),
      hours: Type.Array(Type.Object(Interval), {
        maxItems: INTERVALS_PER_DAY_MAX,
        description: 'None: closed',
      }),
    }),
    { maxItems: SPECIAL_DAYS_MAX },
  ),
};

const FIELDS = {
  name: FilledLine(120),
  slug: Type.String({ minLength: 1, maxLength: 60, pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' }),
  tagline: Line(200),
  theme: StoreSchema.properties.theme,
  accent: Type.String({ pattern: '^#[0-9a-fA-F]{6}$' }),
  locale: Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35 }),
  timezone: FilledLine(60),
  phone: Nullable(Line(40)),
  address: Nullable(
    Type.Object({
      line1: FilledLine(200),
      city: FilledLine(120),
      state: Absent(Line(60)),
      postcode: FilledLine(20),
    }),
  ),
  pickup: Type.Boolean(),
  shipping: Type.Boolean(),
  preparation_minutes: Type.Integer({ minimum: 0, maximum: 10_080 }),
  age_amber_minutes: Type.Integer({ minimum: 1, maximum: 10_080 }),
  age_red_minutes: Type.Integer({ minimum: 2, maximum: 10_080 }),
  slot_capacity: Nullable(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'Pickup orders in a quarter of an hour, from now on; null: as many as come',
    }),
  ),
  ...HOURS,
};

export const SettingsBodySchema = Type.Object({
  version: Type.Integer({ minimum: 1, description: 'Of the settings that the change begins from' }),
  ...Type.Partial(Type.Object(FIELDS)).properties,
});
export type SettingsBody = Static<typeof SettingsBodySchema>;

export const PauseBodySchema = Type.Object({
  until: Absent(Type.String({ format: 'date-time', description: 'Left out: until somebody resumes' })),
});

export const BusyBodySchema = Type.Object({
  minutes: Type.Integer({ minimum: 1, maximum: 480, description: 'What preparing takes longer' }),
  until: Time,
});

export const StoreSettingsSchema = Type.Object({
  version: Type.Integer(),
  id: Type.String(),
  currency: Type.String(),
  country: Type.String(),
  ...FIELDS,
  ordering: OrderingStateSchema,
});
export type StoreSettings = Static<typeof StoreSettingsSchema>;
