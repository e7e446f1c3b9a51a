import { compareKept, type Comparison } from '#core/db/compare-kept.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';

/** Holds the totals of orders against what their lines and their shipping cost. */
export function checkTotals(tx: TenantTx<StoreTenant>): Promise<Comparison> {
  const { sql, tenant } = tx;
  const { merchantId, storeId } = tenant;
  return compareKept(
    tx,
    sql`
      SELECT 'order #' || number AS subject, total_cents AS kept, shipping_cents - shipping_discount_cents + coalesce(net, 0)
        + CASE WHEN tax_cents > 0 THEN shipping_tax_cents + coalesce(tax, 0) ELSE 0 END AS source
      FROM orders LEFT JOIN (
        SELECT order_id, sum(total_cents - discount_cents) AS net, sum(tax_cents) AS tax FROM order_lines
        WHERE merchant_id = ${merchantId} AND store_id = ${storeId} GROUP BY order_id
      ) AS lines ON order_id = orders.id
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId}`,
  );
}

/** Holds the places that are taken in quarters of an hour against the orders, and the payments under way, that have them. */
export function checkSlots(tx: TenantTx<StoreTenant>): Promise<Comparison> {
  const { sql, tenant } = tx;
  const { merchantId, storeId } = tenant;
  return compareKept(
    tx,
    sql`
      SELECT 'quarter of an hour at ' || to_char(slot_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') AS subject,
        coalesce(taken, 0) AS kept, coalesce(held, 0) AS source
      FROM (SELECT slot_at, taken FROM store_slots WHERE merchant_id = ${merchantId} AND store_id = ${storeId}) AS slots
      FULL JOIN (
        SELECT slot_at, count(*) AS held FROM (
          SELECT slot_at FROM orders
          WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND slot_at IS NOT NULL AND status <> 'cancelled'
          UNION ALL SELECT (document -> 'slot' ->> 'at')::timestamptz FROM payments
          WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND state = 'pending' AND document -> 'slot' ->> 'at' IS NOT NULL
        ) AS places GROUP BY slot_at
      ) AS held USING (slot_at)`,
  );
}
