import { Type, type Static } from 'typebox';

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
