import { compareKept, type Comparison } from '#core/db/compare-kept.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';

/** Holds what orders count as given back, or promised, against their refunds. */
export function checkRefunds(tx: TenantTx<StoreTenant>): Promise<Comparison> {
  const { sql, tenant } = tx;
  const { merchantId, storeId } = tenant;
  return compareKept(
    tx,
    sql`
      SELECT 'order #' || number AS subject, refunded_cents AS kept, coalesce(sum, 0) AS source
      FROM orders LEFT JOIN (
        SELECT order_id, sum(amount_cents) FROM refunds
        WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND state <> 'refused' GROUP BY order_id
      ) AS given ON order_id = orders.id
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId}`,
  );
}
