import { Type, type Static } from 'typebox';
import { Absent, FilledLine, Line, Nullable } from '#core/values/schema.ts';
import { NewPasswordSchema } from '../customers/customer-view.ts';
import { OrderStatusSchema, FulfilmentTypeSchema } from '../orders/order-view.ts';
import { ItemsSchema } from '../cart/cart.ts';
import { DestinationSchema, Lowering } from '../cart/cart-schemas.ts';

export const PaymentMethodSchema = Type.Union([
  Type.Literal('pay_at_pickup'),
  Type.Literal('manual'),
  Type.Literal('test'),
  Type.Literal('stripe'),
]);

export const CheckoutSchema = Type.Object({
  fulfilment_type: FulfilmentTypeSchema,
  contact: Type.Object({
    first_name: FilledLine(100),
    last_name: Absent(Line(100)),
    email: Absent(Type.String({ format: 'email', maxLength: 254 })),
    mobile: Absent(Type.String({ maxLength: 40, pattern: String.raw`^\+?[ ().-]*([0-9][ ().-]*){4,20}$` })),
  }),
  shipping_address: Absent(
    Type.Object({
      ...DestinationSchema.properties,
      city: FilledLine(120),
      line1: FilledLine(200),
      line2: Absent(Line(200)),
    }),
  ),
  shipping_method_id: Absent(FilledLine(40)),
  pickup_time: Absent(Type.String({ format: 'date-time' })),
  items: ItemsSchema,
  ...Lowering,
  expected_total_cents: Absent(Type.Integer({ minimum: 0 })),
  notes: Absent(Type.String({ maxLength: 1000 })),
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
