import type { DomainEvent } from '#core/events/event.ts';
import { actorName, type Actor } from '#core/security/audit.ts';
import type { StoreId } from '#core/values/ids.ts';
import { customerOrderChannel, storeOrdersChannel } from './order-channels.ts';
import { boardOrder } from './order-projection.ts';
import type { OrderRow } from './order-queries.ts';
import type { BoardOrder } from './order-view.ts';

/** What the store's channel carries with each event of an order: the order as the board shows it. */
export type StoreOrderPayload = { readonly order: BoardOrder };

/** What the customer's channel carries: how the order moved, and nothing of the store's inside. */
export type CustomerOrderPayload = Pick<
  BoardOrder,
  'status' | 'version' | 'promised_at' | 'timeline' | 'cancel_reason' | 'shipping'
>;

interface Occasion {
  readonly storeId: StoreId;
  readonly actor: Actor;
  readonly at: Date;
}

/** An order was placed. Its customer learns that from the answer, so only the store's channel carries it. */
export function orderCreated(order: OrderRow, occasion: Occasion): DomainEvent {
  const payload: StoreOrderPayload = { order: boardOrder(order) };
  return {
    ...orderEvent('OrderCreated', order, occasion),
    streams: [{ channel: storeOrdersChannel(occasion.storeId), payload }],
  };
}

/** What a change of status means to those who listen: the order moved, and its parcel when it has one. */
export function orderMoved(before: OrderRow, after: OrderRow, occasion: Occasion): DomainEvent[] {
  const isParcelMoved = before.shipping_status !== after.shipping_status;
  const moved = { ...orderEvent('OrderStatusUpdated', after, occasion), streams: streamsOf(after, occasion) };
  return isParcelMoved ? [moved, parcelMoved(after, occasion)] : [moved];
}

/** The parcel moved, whether or not its order did. */
export function parcelMoved(order: OrderRow, occasion: Occasion): DomainEvent {
  return {
    ...orderEvent('ShippingStatusUpdated', order, occasion),
    entity: 'shipment',
    streams: streamsOf(order, occasion),
  };
}

/** Money of an order went back to its customer. */
export function orderRefunded(order: OrderRow, refundCents: number, occasion: Occasion): DomainEvent {
  const refund = { number: order.number, refund_cents: refundCents, currency: order.currency };
  const streams = streamsOf(order, occasion);
  return {
    ...orderEvent('OrderRefunded', order, occasion),
    payload: refund,
    streams: streams.map(({ channel, payload }) => ({ channel, payload: { ...payload, ...refund } })),
  };
}

/** A provider refused to give money of an order back: somebody has to see to it. The customer was promised nothing yet. */
export function refundRefused(order: OrderRow, refundCents: number, occasion: Occasion): DomainEvent {
  const payload: StoreOrderPayload = { order: boardOrder(order) };
  return {
    ...orderEvent('RefundRefused', order, occasion),
    payload: { number: order.number, refund_cents: refundCents, currency: order.currency },
    streams: [{ channel: storeOrdersChannel(occasion.storeId), payload }],
  };
}

function streamsOf(order: OrderRow, { storeId }: Occasion): DomainEvent['streams'] {
  const forStaff: StoreOrderPayload = { order: boardOrder(order) };
  const { status, version, promised_at, timeline, cancel_reason, shipping } = forStaff.order;
  const forCustomer: CustomerOrderPayload = {
    status,
    version,
    promised_at,
    timeline,
    cancel_reason,
    shipping,
  };
  return [
    { channel: storeOrdersChannel(storeId), payload: forStaff },
    { channel: customerOrderChannel(order.public_id), payload: forCustomer },
  ];
}

function orderEvent(type: string, order: OrderRow, { actor, at }: Occasion): Omit<DomainEvent, 'streams'> {
  return {
    type,
    entity: 'order',
    entityId: order.public_id,
    entityVersion: order.version,
    actor: actorName(actor),
    occurredAt: at,
    payload: {
      number: order.number,
      status: order.status,
      shipping_status: order.shipping_status,
      total_cents: order.total_cents,
    },
  };
}
