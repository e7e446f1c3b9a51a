import { compareKept, type Comparison } from '#core/db/compare-kept.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';

/** Holds the pieces of payments that have ended against none: what was held was let go of, or taken by the order. */
export function checkHolds(tx: TenantTx<StoreTenant>): Promise<Comparison> {
  const { sql, tenant } = tx;
  const { merchantId, storeId } = tenant;
  return compareKept(
    tx,
    sql`
      SELECT 'payment ' || payments.id AS subject, -coalesce(sum, 0) AS kept, 0 AS source
      FROM payments LEFT JOIN (
        SELECT payment_id, sum(delta) FROM stock_ledger
        WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND payment_id IS NOT NULL GROUP BY payment_id
      ) AS held ON payment_id = payments.id
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND state <> 'pending'`,
  );
}
