import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
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
  readonly cursor?: string | undefined;
}

/** A page of the order history with the filter that made it and the cursor of the next page. */
export async function historyPage(db: TenantDb<StoreTenant>, query: HistoryQuery) {
  const rows = await db.read((tx) =>
    orderHistory(tx, { ...query, search: query.search?.trim(), after: parseCursor(query.cursor) }),
  );
  const page = rows.slice(0, HISTORY_PAGE_SIZE);
  const last = rows.length > HISTORY_PAGE_SIZE ? page.at(-1) : undefined;
  return {
    orders: page.map(boardOrder),
    next_cursor: last ? formatCursor(last) : null,
    filter: { status: query.status ?? null, search: query.search ?? '' },
  };
}

function formatCursor({ placed_at, number }: OrderRow): string {
  return `${placed_at.getTime()}-${number}`;
}

function parseCursor(cursor: string | undefined): HistoryFilter['after'] {
  const match = /^(\d{1,14})-(\d{1,15})$/.exec(cursor ?? '');
  return match ? { placedAt: new Date(Number(match[1])), number: Number(match[2]) } : undefined;
}
