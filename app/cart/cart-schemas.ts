import { Type, type Static } from 'typebox';
import { Absent, FilledLine, Line } from '#core/values/schema.ts';
import { DiscountSchema, FulfilmentTypeSchema, TaxSchema, TotalsSchema } from '../orders/order-view.ts';
import { ItemsSchema } from './cart.ts';

const Country = Type.String({ pattern: '^[A-Za-z]{2}$', examples: ['AU'] });

export const DestinationSchema = Type.Object({
  country: Country,
  state: Absent(Line(60)),
  postcode: FilledLine(20),
});

export const QuoteRequestSchema = Type.Object({ ...DestinationSchema.properties, items: ItemsSchema });

export const QuoteSchema = Type.Object({
  options: Type.Array(
    Type.Object({
      method_id: Type.String(),
      label: Type.String(),
      price_cents: Type.Integer(),
      eta_text: Type.String(),
      meta: Type.Object({ zone: Type.String() }),
    }),
  ),
});

/** What lowers a price besides sales. */
export const Lowering = {
  promotion_code: Absent(FilledLine(60)),
  redeem_points: Absent(
    Type.Boolean({ description: 'Takes the points of one reward; for customers who are signed in' }),
  ),
};

export const PriceRequestSchema = Type.Object({
  items: ItemsSchema,
  fulfilment_type: Type.Optional(FulfilmentTypeSchema),
  shipping: Absent(Type.Object({ ...DestinationSchema.properties, method_id: FilledLine(40) })),
  ...Lowering,
});
export type PriceRequest = Static<typeof PriceRequestSchema>;

const Millipercent = Type.Integer({
  description: 'Thousandths of a percent: 10 % is 10000',
  examples: [10_000],
});

/** What a line or the shipping gives off, and the tax on what is left: added, or within it when prices include tax. */
const Share = {
  discount_cents: Type.Integer({ description: 'Its share of the discounts' }),
  tax_rate_millipercent: Millipercent,
  tax_cents: Type.Integer({ description: 'Added to the price, or within it when prices include tax' }),
};

export const PriceSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      variant_id: Type.String(),
      name: Type.String(),
      variant: Type.String(),
      customizations: Type.Array(
        Type.Object({
          group: Type.String(),
          name: Type.String(),
          quantity: Type.Integer(),
          price_delta_cents: Type.Integer(),
        }),
      ),
      quantity: Type.Integer(),
      base_unit_cents: Type.Integer({ description: 'Without the sale, if there is one' }),
      unit_cents: Type.Integer(),
      total_cents: Type.Integer({ description: 'unit × quantity, before discounts' }),
      ...Share,
    }),
  ),
  shipping: Type.Object({ price_cents: Type.Integer(), ...Share }),
  discounts: Type.Array(DiscountSchema),
  taxes: Type.Array(TaxSchema, { description: 'By name and rate, as a receipt lists them' }),
  prices_include_tax: Type.Boolean(),
  totals: TotalsSchema,
});
export type Price = Static<typeof PriceSchema>;
