import { Type, type Static } from 'typebox';
import { Nullable } from '#core/values/schema.ts';
import { CartLineSchema, LINES_MAX } from '../cart/cart.ts';
import { AddressSchema, CustomerSchema } from '../customers/customer-view.ts';
import { FulfilmentTypeSchema, OrderStatusSchema } from '../orders/order-view.ts';

/** What is known of a person across the shop, as they and staff read it. */

const Time = Type.String({ format: 'date-time' });

export const OrderSummarySchema = Type.Object({
  public_id: Type.String(),
  order_number: Type.String(),
  status: OrderStatusSchema,
  fulfilment_type: FulfilmentTypeSchema,
  placed_at: Time,
  total_cents: Type.Integer(),
  currency: Type.String(),
  items: Type.Integer({ description: 'Pieces, over all lines' }),
  store: Type.Object({ slug: Type.String(), name: Type.String() }),
});
export type OrderSummary = Static<typeof OrderSummarySchema>;

export const CartItemsSchema = Type.Array(CartLineSchema, { maxItems: LINES_MAX });

export const SavedCartSchema = Type.Object({
  items: CartItemsSchema,
  version: Type.Integer({ description: 'Grows with each change; 0 when none was saved yet' }),
});
export type SavedCart = Static<typeof SavedCartSchema>;

const ExportedOrderSchema = Type.Object({
  ...OrderSummarySchema.properties,
  first_name: Type.String(),
  last_name: Type.String(),
  email: Nullable(Type.String()),
  mobile: Nullable(Type.String()),
  notes: Nullable(Type.String()),
  address: Nullable(Type.Object({ ...AddressSchema.properties, id: Type.Optional(Type.String()) })),
  shipping_label: Nullable(Type.String()),
  tracking_code: Nullable(Type.String()),
  promotion_code: Nullable(Type.String()),
  refunded_cents: Type.Integer(),
  cancel_reason: Nullable(Type.String()),
  staff_notes: Type.Array(Type.String()),
  lines: Type.Array(
    Type.Object({
      name: Type.String(),
      variant: Type.String(),
      choices: Type.Array(Type.String(), { description: 'With how many of each, where it is not one' }),
      quantity: Type.Integer(),
      total_cents: Type.Integer(),
    }),
  ),
});

export const CustomerExportSchema = Type.Object({
  exported_at: Time,
  customer: Type.Object({ ...CustomerSchema.properties, note: Nullable(Type.String()) }),
  addresses: Type.Array(AddressSchema),
  orders: Type.Array(ExportedOrderSchema),
  points: Type.Array(
    Type.Object({
      delta: Type.Integer(),
      reason: Type.String(),
      note: Nullable(Type.String()),
      order_number: Nullable(Type.String()),
      at: Time,
    }),
  ),
  email_changes: Type.Array(Type.Object({ email: Type.String(), asked_at: Time }), {
    description: 'Addresses that one wanted to change to of late',
  }),
  carts: Type.Array(Type.Object({ store: Type.String(), items: CartItemsSchema })),
  sessions: Type.Array(Type.Object({ created_at: Time, seen_at: Time })),
});
export type CustomerExport = Static<typeof CustomerExportSchema>;

export const CustomerInListSchema = Type.Object({
  public_id: Type.String(),
  name: Type.String({ description: 'First name and initial' }),
  email: Nullable(Type.String({ description: 'Masked' })),
  mobile: Nullable(Type.String({ description: 'Masked' })),
  has_account: Type.Boolean(),
  orders: Type.Integer({ description: 'At this store' }),
  last_order_at: Nullable(Time),
  loyalty_points: Type.Integer(),
  created_at: Time,
});
export type CustomerInList = Static<typeof CustomerInListSchema>;

export const CustomerDetailSchema = Type.Object({
  ...CustomerSchema.properties,
  version: Type.Integer(),
  has_account: Type.Boolean(),
  note: Nullable(Type.String({ description: 'Of staff, for staff' })),
  addresses: Type.Array(AddressSchema),
  orders: Type.Array(OrderSummarySchema, { description: 'The newest at this store' }),
});
export type CustomerDetail = Static<typeof CustomerDetailSchema>;
