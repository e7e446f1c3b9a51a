import type { DomainEvent } from '#core/events/event.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { Actor } from '#core/security/audit.ts';
import { availabilityTurned } from '../stock/availability-turned.ts';
import { pointsUpdated } from '../loyalty/loyalty-events.ts';
import { insertOrder, type NewOrder } from './insert-order.ts';
import { orderCreated } from '../orders/order-events.ts';
import type { OrderRow } from '../orders/order-queries.ts';
import type { PlacedOrder } from './checkout-schemas.ts';
import { asRow } from './freeze-order.ts';
import { runLowBy, soldOutBy, type Shelf } from './left-on-shelves.ts';

export interface WrittenOrder {
  readonly row: OrderRow;
  /** What the caller is to record. */
  readonly events: readonly DomainEvent[];
}

/** Writes an order of which everything is decided, with all that goes with it. `shelves` are the counted variants that it takes from. */
export async function writeOrder(
  tx: TenantTx<StoreTenant>,
  order: NewOrder,
  shelves: readonly Shelf[],
): Promise<WrittenOrder> {
  const { id, number, balance } = await insertOrder(tx, order);
  const row = asRow(order, id, number);
  const actor: Actor = { kind: 'customer', id: order.customerId };
  const at = order.placedAt;
  const soldOut = await availabilityTurned(tx, { variantIds: soldOutBy(shelves), soldOut: true, actor, at });
  const spent = balance ? [pointsUpdated(balance, { actor, at })] : [];
  return {
    row,
    events: [
      orderCreated(row, { storeId: tx.tenant.storeId, actor, at }),
      ...soldOut,
      ...runLowBy(shelves, { actor, at }),
      ...spent,
    ],
  };
}

/** The answer, the same at the first time and at each retry: an order begins as pending. */
export function toldAgain(order: OrderRow): PlacedOrder {
  return {
    order_number: `#${order.number}`,
    public_id: order.public_id,
    status: 'pending',
    total_cents: order.total_cents,
    tracking_url: `/o/${order.public_id}`,
  };
}
