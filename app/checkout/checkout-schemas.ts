import { Type, type Static } from 'typebox';
import { Absent, Nullable } from '#core/values/schema.ts';
import { NewPasswordSchema } from '../customers/customer-view.ts';
import { OrderStatusSchema, FulfilmentTypeSchema, TaxSchema, TotalsSchema } from '../orders/order-view.ts';
import { ItemsSchema } from './cart.ts';

const Text = (maxLength: number) => Type.String({ maxLength });
const Filled = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: String.raw`\S` });

const Country = Type.String({ pattern: '^[A-Za-z]{2}$', examples: ['AU'] });

export const DestinationSchema = Type.Object({
  country: Country,
  state: Absent(Text(60)),
  postcode: Filled(20),
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
const Lowering = {
  promotion_code: Absent(Filled(60)),
  redeem_points: Absent(
    Type.Boolean({ description: 'Takes the points of one reward; for customers who are signed in' }),
  ),
};

export const PriceRequestSchema = Type.Object({
  items: ItemsSchema,
  fulfilment_type: Type.Optional(FulfilmentTypeSchema),
  shipping: Absent(Type.Object({ ...DestinationSchema.properties, method_id: Filled(40) })),
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
  discounts: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('promotion'), Type.Literal('loyalty')]),
      code: Nullable(Type.String()),
      points: Nullable(Type.Integer()),
      amount_cents: Type.Integer(),
    }),
  ),
  taxes: Type.Array(TaxSchema, { description: 'By name and rate, as a receipt lists them' }),
  prices_include_tax: Type.Boolean(),
  totals: TotalsSchema,
});
export type Price = Static<typeof PriceSchema>;

export const PaymentMethodSchema = Type.Union([
  Type.Literal('pay_at_pickup'),
  Type.Literal('manual'),
  Type.Literal('test'),
  Type.Literal('stripe'),
]);

export const CheckoutSchema = Type.Object({
  fulfilment_type: FulfilmentTypeSchema,
  contact: Type.Object({
    first_name: Filled(100),
    last_name: Absent(Text(100)),
    email: Absent(Type.String({ format: 'email', maxLength: 254 })),
    mobile: Absent(Type.String({ maxLength: 40, pattern: String.raw`^\+?[ ().-]*([0-9][ ().-]*){4,20}$` })),
  }),
  shipping_address: Absent(
    Type.Object({
      ...DestinationSchema.properties,
      city: Filled(120),
      line1: Filled(200),
      line2: Absent(Text(200)),
    }),
  ),
  shipping_method_id: Absent(Filled(40)),
  pickup_time: Absent(Type.String({ format: 'date-time' })),
  items: ItemsSchema,
  ...Lowering,
  expected_total_cents: Absent(Type.Integer({ minimum: 0 })),
  notes: Absent(Text(1000)),
  locale: Absent(Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35 })),
  create_account: Absent(
    Type.Object(
      { password: NewPasswordSchema },
      { description: 'Asks for an account: a mail with a link to confirm it goes to the e-mail address' },
    ),
  ),
  payment: Absent(
    Type.Object({
      method: PaymentMethodSchema,
      source: Absent(
        Type.String({
          minLength: 1,
          maxLength: 255,
          description:
            'test: the number of a test card. stripe: the id of a PaymentMethod that Stripe’s script has made; without one, the answer is 202 and the script confirms with the client_secret.',
          examples: ['pm_card_visa'],
        }),
      ),
    }),
  ),
});
export type Checkout = Static<typeof CheckoutSchema>;

export const PlacedOrderSchema = Type.Object({
  order_number: Type.String({ examples: ['#1001'] }),
  public_id: Type.String(),
  status: OrderStatusSchema,
  total_cents: Type.Integer(),
  tracking_url: Type.String({ description: 'Path of the page on which the customer watches the order' }),
});
export type PlacedOrder = Static<typeof PlacedOrderSchema>;

/** A checkout whose payment waits for its customer. */
export const PaymentStepSchema = Type.Object({
  payment_id: Type.String(),
  total_cents: Type.Integer(),
  currency: Type.String(),
  client_secret: Nullable(Type.String({ description: 'For the provider’s script in the browser' })),
  next_action: Nullable(
    Type.Object({
      type: Type.String({ examples: ['use_stripe_sdk'] }),
      url: Nullable(Type.String({ description: 'Where to send the customer' })),
    }),
  ),
  expires_at: Type.String({ format: 'date-time', description: 'Until when the goods are held' }),
});
export type PaymentStepView = Static<typeof PaymentStepSchema>;
