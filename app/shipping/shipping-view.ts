import { Type, type Static } from 'typebox';
import { Absent, FilledLine, Nullable } from '#core/values/schema.ts';

/** The shipping rules of a store, as those who manage them see and send them. */

const WEIGHT_MAX_GRAMS = 1_000_000_000;
const AMOUNT_MAX = 1_000_000_000;
const ZONES_MAX = 250;
const METHODS_MAX = 50;
const STATES_MAX = 100;
const POSTCODES_MAX = 1000;
const RATES_MAX = 500;

const Country = Type.String({ pattern: '^[A-Za-z]{2}$', examples: ['GB'] });
/** Up to twelve letters and digits; spaces and hyphens do not count. */
const Postcode = (example: string) =>
  Type.String({ maxLength: 20, pattern: '^[ -]*([A-Za-z0-9][ -]*){1,12}$', examples: [example] });
const Grams = Type.Integer({ minimum: 0, maximum: WEIGHT_MAX_GRAMS });
const Amount = Type.Integer({ minimum: 0, maximum: AMOUNT_MAX });

export const PostcodeRuleSchema = Type.Union([
  Type.Object({ from: Postcode('SW1A'), to: Postcode('SW1Y') }),
  Type.Object({ prefix: Postcode('K1A') }),
]);

export const RateSchema = Type.Object({
  method: Type.String({ minLength: 1, maxLength: 120, description: 'Label of a shipping method' }),
  min_weight_grams: Absent(Grams),
  max_weight_grams: Absent(Grams),
  min_total_cents: Absent(Amount),
  max_total_cents: Absent(Amount),
  base_cents: Amount,
  per_kg_cents: Absent(Amount),
});

const ZONE = {
  name: FilledLine(120),
  country: Country,
  states: Type.Array(FilledLine(60), { maxItems: STATES_MAX, description: 'None means the whole country' }),
  postcodes: Type.Array(PostcodeRuleSchema, {
    maxItems: POSTCODES_MAX,
    description: 'None means all of them',
  }),
  rates: Type.Array(RateSchema, { maxItems: RATES_MAX }),
};

const METHOD = {
  label: FilledLine(120),
  type: Type.Union([
    Type.Literal('flat'),
    Type.Literal('weight'),
    Type.Literal('price'),
    Type.Literal('formula'),
  ]),
  active: Type.Boolean(),
  eta_text: Type.String({ maxLength: 200 }),
};

const VERSION = Type.Integer({ minimum: 0, description: 'Of the rules that the change begins from' });

export const ShippingBodySchema = Type.Object({
  version: VERSION,
  zones: Type.Array(Type.Object(ZONE), { maxItems: ZONES_MAX }),
  methods: Type.Array(Type.Object(METHOD), { maxItems: METHODS_MAX }),
});
export const ZoneBodySchema = Type.Object({ version: VERSION, ...ZONE });
export const MethodBodySchema = Type.Object({ version: VERSION, ...METHOD });
export const VersionQuerySchema = Type.Object({ version: VERSION });

const IntervalSchema = Type.Object({ from: Type.Integer(), to: Nullable(Type.Integer()) });
const RateWarning = {
  zone: Type.String(),
  method: Type.String(),
  weight: Type.Intersect([IntervalSchema], { description: 'Grams, both ends included' }),
  total: Type.Intersect([IntervalSchema], { description: 'Cents, both ends included' }),
};

export const ShippingWarningSchema = Type.Union([
  Type.Object({ kind: Type.Literal('zones_overlap'), zones: Type.Array(Type.String()) }),
  Type.Object({ kind: Type.Literal('rates_overlap'), ...RateWarning }),
  Type.Object({ kind: Type.Literal('rates_gap'), ...RateWarning }),
]);

export const ShippingSettingsSchema = Type.Object({
  version: Type.Integer(),
  zones: Type.Array(Type.Object({ id: Type.String(), ...ZONE })),
  methods: Type.Array(Type.Object({ id: Type.String(), ...METHOD })),
  warnings: Type.Array(ShippingWarningSchema),
});
export type ShippingSettings = Static<typeof ShippingSettingsSchema>;

export const PreviewBodySchema = Type.Object({
  country: Country,
  state: Absent(Type.String({ maxLength: 60 })),
  postcode: Type.String({ maxLength: 20 }),
  items: Type.Optional(
    Type.Array(
      Type.Object({
        variant_id: Type.String({ maxLength: 40 }),
        quantity: Type.Integer({ minimum: 1, maximum: 999 }),
      }),
      { maxItems: 100 },
    ),
  ),
  weight_grams: Type.Optional(Grams),
  volumetric_grams: Type.Optional(Grams),
  total_cents: Type.Optional(Amount),
});
export type PreviewBody = Static<typeof PreviewBodySchema>;

export const PreviewSchema = Type.Object({
  destination: Type.Object({
    country: Type.String(),
    state: Nullable(Type.String()),
    postcode: Type.String({ description: 'As it is compared: upper case, without spaces and hyphens' }),
  }),
  shipment: Type.Object({
    weight_grams: Type.Integer(),
    volumetric_grams: Type.Integer(),
    total_cents: Type.Integer(),
    shippable: Type.Boolean(),
  }),
  outcome: Type.Union([
    Type.Literal('options'),
    Type.Literal('not_needed'),
    Type.Literal('not_delivered'),
    Type.Literal('no_rate'),
  ]),
  zones: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), matches: Type.Boolean(), why: Type.String() }),
  ),
  methods: Type.Array(
    Type.Object({
      id: Type.String(),
      label: Type.String(),
      active: Type.Boolean(),
      price_cents: Nullable(Type.Integer()),
      weight_grams: Type.Integer({ description: 'What is weighed for ranges and price' }),
      weighed: Type.Union([Type.Literal('scales'), Type.Literal('volume')]),
      rates: Type.Array(
        Type.Object({
          zone: Type.String(),
          ...RateSchema.properties,
          price_cents: Type.Integer({ description: 'What this rate would ask' }),
          verdict: Type.String(),
        }),
      ),
    }),
  ),
});
export type ShippingPreview = Static<typeof PreviewSchema>;
