import { allowedNext, isFinal, type OrderStatus } from '#app/orders/order.ts';
import type { BoardOrder } from '#app/orders/order-view.ts';
import type { Store } from '#app/stores/store-view.ts';

/** The board's columns from left to right. The last two are folded until someone opens them. */
export const COLUMNS = ['pending', 'accepted', 'working', 'out', 'done', 'cancelled'] as const;
export type ColumnKey = (typeof COLUMNS)[number];

const COLUMN_OF = {
  pending: 'pending',
  accepted: 'accepted',
  in_progress: 'working',
  packing: 'working',
  ready: 'out',
  shipped: 'out',
  completed: 'done',
  delivered: 'done',
  cancelled: 'cancelled',
} as const satisfies Record<OrderStatus, ColumnKey>;

export type Columns = Readonly<Record<ColumnKey, readonly BoardOrder[]>>;

/** The column that an order of this status stands in. */
export function columnOf(status: OrderStatus): ColumnKey {
  return COLUMN_OF[status];
}

/** Where an order goes when it is dropped on a column, or null when it may not go there. */
export function statusInColumn(order: BoardOrder, column: ColumnKey): OrderStatus | null {
  return allowedNext(order.fulfilment_type, order.status).find((next) => columnOf(next) === column) ?? null;
}

/** The statuses of a column that this store's orders can have. */
export function statusesOf(column: ColumnKey, store: Pick<Store, 'pickup' | 'shipping'>): OrderStatus[] {
  const all = (Object.keys(COLUMN_OF) as OrderStatus[]).filter((status) => columnOf(status) === column);
  const possible = all.filter((status) => store.pickup || !PICKUP_ONLY.has(status));
  return possible.filter((status) => store.shipping || !SHIPPING_ONLY.has(status));
}

const PICKUP_ONLY: ReadonlySet<OrderStatus> = new Set(['in_progress', 'ready', 'completed']);
const SHIPPING_ONLY: ReadonlySet<OrderStatus> = new Set(['packing', 'shipped', 'delivered']);

/**
 * Sorts orders into columns. On top stands what was promised for a time, the soonest first, then the rest, the oldest first; of what has
 * ended, the latest.
 */
export function columnsOf(orders: Iterable<BoardOrder>): Columns {
  const columns = Object.fromEntries(COLUMNS.map((key) => [key, [] as BoardOrder[]])) as Record<
    ColumnKey,
    BoardOrder[]
  >;
  for (const order of orders) columns[columnOf(order.status)].push(order);
  for (const key of COLUMNS) {
    const isFolded = key === 'done' || key === 'cancelled';
    columns[key].sort(isFolded ? byEndDescending : byDue);
  }
  return columns;
}

/** When the order reached its present status. */
export function since(order: BoardOrder): string {
  return order.timeline.at(-1)?.at ?? order.placed_at;
}

/** Whether an order ended before `oldest`, so that the board may forget it. */
export function endedBefore(order: BoardOrder, oldest: Date): boolean {
  return isFinal(order.status) && new Date(since(order)) < oldest;
}

function byDue(a: BoardOrder, b: BoardOrder): number {
  if (a.promised_at && b.promised_at) return compare(a.promised_at, b.promised_at) || compareNumbers(a, b);
  if (a.promised_at || b.promised_at) return a.promised_at ? -1 : 1;
  return compare(a.placed_at, b.placed_at) || compareNumbers(a, b);
}

function byEndDescending(a: BoardOrder, b: BoardOrder): number {
  return compare(since(b), since(a)) || compareNumbers(b, a);
}

function compareNumbers(a: BoardOrder, b: BoardOrder): number {
  return Number(a.order_number.slice(1)) - Number(b.order_number.slice(1));
}

/** Times of the same format and zone compare as text. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
