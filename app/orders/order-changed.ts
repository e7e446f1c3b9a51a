import { refusal } from '../errors.ts';
import { boardOrder } from './order-projection.ts';
import type { OrderRow } from './order-queries.ts';

/** The refusal of whom someone else was faster than, with the order as it is. */
export function orderChanged(order: OrderRow, version: number) {
  const by = order.handled_by_name ?? 'someone else';
  return refusal(
    'ORDER_CHANGED',
    `Order #${order.number} was changed by ${by}: expected version ${version}, it is ${order.version} and ${order.status}.`,
    { order: boardOrder(order) },
  );
}
