import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { cursorUnknown, pageOf } from '#core/values/page.ts';
import type { OrderStatus } from '../orders/order.ts';
import { boardOrder } from '../orders/order-projection.ts';
import {
  HISTORY_PAGE_SIZE,
  orderHistory,
  type HistoryFilter,
  type OrderRow,
} from '../orders/order-queries.ts';

export interface HistoryQuery {
  readonly status?: OrderStatus | undefined;
  readonly search?: string | undefined;
  readonly placed_from?: string | undefined;
  readonly placed_before?: string | undefined;
}

/** A page of the order history with the filter that made it and the cursor of the next page. */
export async function historyPage(
  db: TenantDb<StoreTenant>,
  { cursor, ...query }: HistoryQuery & { readonly cursor?: string | undefined },
) {
  const limit = HISTORY_PAGE_SIZE;
  const wanted = { ...filterOf(query), after: placeBehind(cursor), limit };
  const rows = await db.read((tx) => orderHistory(tx, wanted));
  const { data, next_cursor } = pageOf(rows, { limit, view: boardOrder, cursorOf: cursorAfter });
  return {
    orders: data,
    next_cursor,
    filter: { status: query.status ?? null, search: query.search ?? '' },
  };
}

/** What is wanted, as it was asked for. */
export function filterOf({
  status,
  search,
  placed_from: from,
  placed_before: before,
}: HistoryQuery): HistoryFilter {
  return {
    status,
    search: search?.trim(),
    placedFrom: from === undefined ? undefined : new Date(from),
    placedBefore: before === undefined ? undefined : new Date(before),
  };
}

export function cursorAfter({ placed_at, number }: OrderRow): string {
  return `${placed_at.getTime()}-${number}`;
}

/** Refuses texts that no list has given out. */
export function placeBehind(cursor: string | undefined): HistoryFilter['after'] {
  if (cursor === undefined) return undefined;
  const [, ms, number] = /^(\d{1,14})-(\d{1,15})$/.exec(cursor) ?? [];
  if (ms !== undefined) return { placedAt: new Date(Number(ms)), number: Number(number) };
  throw cursorUnknown(cursor);
}
