import { containing } from '#core/db/like-pattern.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { cursorUnknown } from '#core/values/page.ts';
import { maskEmail, maskPhone } from '#core/values/mask.ts';
import { calledName } from '../orders/order-projection.ts';
import type { CustomerInList } from './account-view.ts';

export interface CustomerListRow {
  id: CustomerId;
  public_id: string;
  first_name: string;
  last_name: string;
  email: string | null;
  mobile: string | null;
  has_account: boolean;
  loyalty_points: number;
  created_at: Date;
  orders: number;
  last_order_at: Date | null;
}

const TOKEN = /^[\w-]{22}$/;

interface Wanted {
  /** Part of a name or an e-mail address, or digits of a mobile number. */
  readonly search: string | undefined;
  /** The last one of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** Customers of the merchant, newest first: a page and one more row. Orders are counted at this store. */
export async function customerList(
  tx: TenantTx<StoreTenant>,
  { search, after, limit }: Wanted,
): Promise<CustomerListRow[]> {
  const { sql, tenant } = tx;
  return sql<CustomerListRow[]>`
    SELECT c.id, c.public_id, c.first_name, c.last_name, c.email, c.mobile, c.password_hash IS NOT NULL AS has_account, c.loyalty_points,
      c.created_at, placed.orders, placed.last_order_at
    FROM (
      SELECT * FROM customers
      WHERE merchant_id = ${tenant.merchantId} AND erased_at IS NULL AND merged_into IS NULL
        ${matching(tx, search)} ${behind(tx, after)}
      ORDER BY created_at DESC, id DESC LIMIT ${limit + 1}
    ) AS c CROSS JOIN LATERAL (
      SELECT count(*)::int AS orders, max(placed_at) AS last_order_at FROM orders
      WHERE merchant_id = c.merchant_id AND customer_id = c.id AND store_id = ${tenant.storeId}
    ) AS placed
    ORDER BY c.created_at DESC, c.id DESC`;
}

/** As lists show a person: to be told apart, not to be written to. */
export function customerInList(row: CustomerListRow): CustomerInList {
  const { public_id, email, mobile, has_account, orders, loyalty_points } = row;
  return {
    public_id,
    name: calledName(row),
    email: email && maskEmail(email),
    mobile: mobile && maskPhone(mobile),
    has_account,
    orders,
    last_order_at: row.last_order_at?.toISOString() ?? null,
    loyalty_points,
    created_at: row.created_at.toISOString(),
  };
}

function matching({ sql }: TenantTx, search: string | undefined) {
  const wanted = search?.trim();
  if (!wanted) return sql``;
  const digits = wanted.replaceAll(/[ ().+-]/g, '');
  if (/^\d{3,}$/.test(digits)) return sql`AND mobile LIKE ${containing(digits)}`;
  const pattern = containing(wanted);
  return sql`AND (first_name || ' ' || last_name ILIKE ${pattern} OR email ILIKE ${pattern})`;
}

/** A cursor is the token of the last customer. */
function behind({ sql, tenant }: TenantTx, publicId: string | undefined) {
  if (publicId === undefined) return sql``;
  if (!TOKEN.test(publicId)) throw cursorUnknown(publicId);
  return sql`AND (created_at, id) < (
    SELECT created_at, id FROM customers WHERE merchant_id = ${tenant.merchantId} AND public_id = ${publicId})`;
}
