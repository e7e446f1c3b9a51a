import type { TenantTx } from '#core/db/tenant.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { cursorUnknown } from '#core/values/page.ts';
import type { FulfilmentType, OrderStatus } from '../orders/order.ts';
import type { OrderSummary } from './account-view.ts';

export interface OrderSummaryRow {
  public_id: string;
  number: number;
  status: OrderStatus;
  fulfilment_type: FulfilmentType;
  placed_at: Date;
  total_cents: number;
  currency: string;
  items: number;
  store_slug: string;
  store_name: string;
}

interface Place {
  readonly placedAt: Date;
  readonly publicId: string;
}

interface Page {
  readonly after: Place | null;
  readonly limit: number;
}

/** Orders of a customer that the transaction may see, newest first: a page and one more row. */
export async function ordersOfCustomer(
  { sql, tenant }: TenantTx,
  customerId: CustomerId,
  { after, limit }: Page,
): Promise<OrderSummaryRow[]> {
  const behind = after ? sql`AND (o.placed_at, o.public_id) < (${after.placedAt}, ${after.publicId})` : sql``;
  return sql<OrderSummaryRow[]>`
    SELECT o.public_id, o.number, o.status, o.fulfilment_type, o.placed_at, o.total_cents, o.currency,
      (SELECT coalesce(sum(quantity), 0)::int FROM order_lines
        WHERE merchant_id = o.merchant_id AND store_id = o.store_id AND order_id = o.id) AS items,
      stores.slug AS store_slug, stores.name AS store_name
    FROM orders o JOIN stores ON stores.merchant_id = o.merchant_id AND stores.id = o.store_id
    WHERE o.merchant_id = ${tenant.merchantId} AND o.customer_id = ${customerId} ${behind}
    ORDER BY o.placed_at DESC, o.public_id DESC LIMIT ${limit + 1}`;
}

export function orderSummary(row: OrderSummaryRow): OrderSummary {
  const { public_id, status, fulfilment_type, total_cents, currency, items } = row;
  return {
    public_id,
    order_number: `#${row.number}`,
    status,
    fulfilment_type,
    placed_at: row.placed_at.toISOString(),
    total_cents,
    currency,
    items,
    store: { slug: row.store_slug, name: row.store_name },
  };
}

export function cursorAfter({ placed_at, public_id }: OrderSummaryRow): string {
  return Buffer.from(`${placed_at.getTime()}.${public_id}`).toString('base64url');
}

/** Refuses texts that no list has given out. */
export function placeBehind(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  const [, ms, publicId] =
    /^(\d{1,14})\.([\w-]{22})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (ms === undefined || publicId === undefined) throw cursorUnknown(cursor);
  return { placedAt: new Date(Number(ms)), publicId };
}
