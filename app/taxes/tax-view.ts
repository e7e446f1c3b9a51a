import { Type, type Static } from 'typebox';
import { Absent, Nullable } from '#core/values/schema.ts';

const RATE_MAX_MILLIPERCENT = 100_000;

const Rate = {
  country: Type.String({ pattern: '^[A-Za-z]{2}$', examples: ['AU'] }),
  name: Type.String({
    minLength: 1,
    maxLength: 60,
    pattern: String.raw`\S`,
    description: 'As receipts call it',
    examples: ['GST'],
  }),
  rate_millipercent: Type.Integer({
    minimum: 0,
    maximum: RATE_MAX_MILLIPERCENT,
    description: 'Thousandths of a percent: 10 % is 10000, 9.975 % is 9975',
  }),
};

const TaxClass = Type.String({
  pattern: '^[a-z_]{1,40}$',
  description: 'Of products; shipping is of the class standard',
  examples: ['standard', 'reduced'],
});

export const TaxRateFieldsSchema = Type.Object({
  ...Rate,
  state: Absent(
    Type.String({ maxLength: 60, description: 'Its rates stand in for those of the whole country' }),
  ),
  tax_class: Type.Optional(TaxClass),
  taxes_shipping: Type.Optional(Type.Boolean({ default: true })),
});
export type TaxRateFields = Static<typeof TaxRateFieldsSchema>;

export const TaxRateSchema = Type.Object({
  id: Type.String(),
  ...Rate,
  state: Nullable(Type.String()),
  tax_class: TaxClass,
  taxes_shipping: Type.Boolean(),
});
export type TaxRateView = Static<typeof TaxRateSchema>;

export const TaxSettingsSchema = Type.Object({
  prices_include_tax: Type.Boolean(),
  rates: Type.Array(TaxRateSchema),
});
export type TaxSettings = Static<typeof TaxSettingsSchema>;

export const PricesIncludeTaxSchema = Type.Object({ prices_include_tax: Type.Boolean() });
