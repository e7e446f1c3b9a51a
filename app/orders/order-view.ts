import { Type, type Static } from 'typebox';
import { Nullable } from '#core/values/schema.ts';
import { RefundSchema } from './refund-view.ts';

/** The one projection of an order. The public view is what its customer sees; the board's adds what only staff may. */

export const FulfilmentTypeSchema = Type.Union([Type.Literal('pickup'), Type.Literal('shipping')]);

export const OrderStatusSchema = Type.Union([
  Type.Literal('pending'),
  Type.Literal('accepted'),
  Type.Literal('in_progress'),
  Type.Literal('packing'),
  Type.Literal('ready'),
  Type.Literal('shipped'),
  Type.Literal('completed'),
  Type.Literal('delivered'),
  Type.Literal('cancelled'),
]);

export const ShippingStatusSchema = Type.Union([
  Type.Literal('pending'),
  Type.Literal('packing'),
  Type.Literal('shipped'),
  Type.Literal('delivered'),
  Type.Literal('returned'),
  Type.Literal('lost'),
]);

const Time = Type.String({ format: 'date-time' });

export const TotalsSchema = Type.Object({
  items_cents: Type.Integer(),
  shipping_cents: Type.Integer(),
  discount_cents: Type.Integer(),
  tax_cents: Type.Integer({ description: 'Added to the prices; 0 where they include tax' }),
  tax_included_cents: Type.Integer({ description: 'Within the prices; 0 where tax is added' }),
  total_cents: Type.Integer({ description: 'items + shipping − discount + tax' }),
  currency: Type.String(),
});

export const TaxSchema = Type.Object({
  name: Type.String({ examples: ['GST'] }),
  rate_millipercent: Type.Integer({
    description: 'Thousandths of a percent: 10 % is 10000',
    examples: [10_000],
  }),
  net_cents: Type.Integer({ description: 'What is taxed, without tax' }),
  tax_cents: Type.Integer(),
});

export const DiscountSchema = Type.Object({
  kind: Type.Union([Type.Literal('promotion'), Type.Literal('loyalty')]),
  code: Nullable(Type.String()),
  points: Nullable(Type.Integer()),
  amount_cents: Type.Integer(),
});

const OrderItemSchema = Type.Object({
  name: Type.String(),
  variant: Type.String({ description: 'Title of the variant; empty when the product has only one' }),
  customizations: Type.Array(
    Type.Object({
      group: Type.String(),
      name: Type.String(),
      quantity: Type.Integer(),
      price_delta_cents: Type.Integer({ description: 'What one of it adds to the unit' }),
    }),
  ),
  quantity: Type.Integer(),
  backordered: Type.Integer({
    description: 'Of these, those that were not in stock when they were ordered, and come later',
  }),
  unit_cents: Type.Integer({ description: 'What was paid for one, with its choices' }),
  total_cents: Type.Integer({ description: 'Before discounts' }),
  discount_cents: Type.Integer({ description: 'Its share of the order’s discounts' }),
  tax_cents: Type.Integer({ description: 'Added to the price, or within it when prices include tax' }),
});

export const PublicOrderSchema = Type.Object({
  public_id: Type.String(),
  order_number: Type.String({ examples: ['#1001'] }),
  status: OrderStatusSchema,
  version: Type.Integer({ description: 'Grows with each change' }),
  fulfilment_type: FulfilmentTypeSchema,
  placed_at: Time,
  promised_at: Nullable(Time),
  pickup_code: Nullable(
    Type.String({ description: 'What the customer tells at handover', examples: ['K7QM'] }),
  ),
  cancel_reason: Nullable(Type.String()),
  timeline: Type.Array(Type.Object({ status: OrderStatusSchema, at: Time })),
  items: Type.Array(OrderItemSchema),
  promotion_code: Nullable(Type.String()),
  points_spent: Type.Integer({ description: 'Loyalty points that were redeemed' }),
  discounts: Type.Array(DiscountSchema, { description: 'What the code and the points took off' }),
  taxes: Type.Array(TaxSchema),
  totals: TotalsSchema,
  refunded_cents: Type.Integer({ description: 'What went back or is on its way' }),
  shipping: Nullable(
    Type.Object({
      method: Type.String(),
      status: ShippingStatusSchema,
      tracking_code: Nullable(Type.String()),
      tracking_url: Nullable(Type.String()),
      discount_cents: Type.Integer({ description: 'Its share of the order’s discounts' }),
      tax_cents: Type.Integer({ description: 'Added to its price, or within it when prices include tax' }),
    }),
  ),
  store: Type.Object({
    slug: Type.String(),
    name: Type.String(),
    phone: Nullable(Type.String()),
    address: Nullable(Type.String()),
  }),
});
export type PublicOrder = Static<typeof PublicOrderSchema>;

export const PaymentStatusSchema = Type.Union(
  [
    Type.Literal('due'),
    Type.Literal('paid'),
    Type.Literal('partly_refunded'),
    Type.Literal('refunded'),
    Type.Literal('void'),
  ],
  { description: 'void: cancelled before anyone paid' },
);

export const BoardOrderSchema = Type.Object({
  public_id: Type.String(),
  order_number: Type.String(),
  status: OrderStatusSchema,
  version: Type.Integer(),
  fulfilment_type: FulfilmentTypeSchema,
  placed_at: Time,
  promised_at: Nullable(Time),
  pickup_code: PublicOrderSchema.properties.pickup_code,
  timeline: PublicOrderSchema.properties.timeline,
  items: Type.Array(OrderItemSchema),
  promotion_code: Nullable(Type.String()),
  points_spent: Type.Integer({ description: 'Loyalty points that were redeemed' }),
  discounts: Type.Array(DiscountSchema, { description: 'What the code and the points took off' }),
  taxes: Type.Array(TaxSchema),
  totals: TotalsSchema,
  customer_name: Type.String({ description: 'First name and initial: what is called out at the counter' }),
  notes: Nullable(Type.String()),
  payment_method: Type.String(),
  payment_status: PaymentStatusSchema,
  refunded_cents: PublicOrderSchema.properties.refunded_cents,
  cancel_reason: Nullable(Type.String()),
  handled_by: Nullable(Type.Object({ name: Type.String(), initials: Type.String() })),
  shipping: PublicOrderSchema.properties.shipping,
});
export type BoardOrder = Static<typeof BoardOrderSchema>;

export const NoteSchema = Type.Object({ text: Type.String(), at: Time, by: Type.String() });

/** The detail panel's: a board order with the customer's contact and address, and who did what. */
export const OrderDetailSchema = Type.Intersect([
  BoardOrderSchema,
  Type.Object({
    customer: Type.Object({
      name: Type.String(),
      email: Nullable(Type.String()),
      mobile: Nullable(Type.String()),
    }),
    address: Nullable(Type.Array(Type.String(), { description: 'Lines as on an envelope' })),
    refunds: Type.Array(RefundSchema),
    staff_notes: Type.Array(NoteSchema, { description: 'Of staff for staff, oldest first' }),
    history: Type.Array(
      Type.Object({
        action: Type.String(),
        at: Time,
        by: Type.String(),
        text: Nullable(
          Type.String({
            description: 'The note, the reason, the tracking code or the time that was promised instead',
          }),
        ),
      }),
    ),
  }),
]);
export type OrderDetail = Static<typeof OrderDetailSchema>;
