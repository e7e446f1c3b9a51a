import { compareKept, type Comparison } from '#core/db/compare-kept.ts';
import type { Tenant, TenantTx } from '#core/db/tenant.ts';

/** Holds the balances of the merchant's customers against their ledgers. */
export function checkBalances(tx: TenantTx<Tenant>): Promise<Comparison> {
  const { sql, tenant } = tx;
  return compareKept(
    tx,
    sql`
      SELECT 'customer ' || id AS subject, loyalty_points AS kept, coalesce(sum, 0) AS source
      FROM customers LEFT JOIN (
        SELECT customer_id, sum(delta) FROM loyalty_ledger WHERE merchant_id = ${tenant.merchantId} GROUP BY customer_id
      ) AS ledger ON customer_id = id
      WHERE merchant_id = ${tenant.merchantId}`,
  );
}
