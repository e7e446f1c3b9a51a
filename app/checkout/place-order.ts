import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { orderByPublicId } from '../orders/order-queries.ts';
import type { PlacedOrder } from './checkout-schemas.ts';
import { decideOrder, type PlaceOrder } from './decide-order.ts';
import { leftOnShelves } from './left-on-shelves.ts';
import { toldAgain, writeOrder } from './write-order.ts';

/**
 * Places an order that is paid by hand, once per idempotency key: decides it, takes stock, code and points, and writes order, audit and
 * events, all in the given transaction. Creates nothing when it refuses.
 */
export async function placeOrder(tx: TenantTx<StoreTenant>, input: PlaceOrder): Promise<PlacedOrder> {
  const decided = await decideOrder(tx, input);
  if (!decided.first) return toldAgain(await orderByPublicId(tx, decided.publicId));
  const { order, lines } = decided;
  const { row, events } = await writeOrder(tx, order, leftOnShelves(lines));
  record(tx, ...decided.events, ...events);
  return toldAgain(row);
}
