import { compareKept, type Comparison } from '#core/db/compare-kept.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';

/** Holds the levels of the variants that are counted against their ledger. */
export function checkLevels(tx: TenantTx<StoreTenant>): Promise<Comparison> {
  const { sql, tenant } = tx;
  const { merchantId, storeId } = tenant;
  return compareKept(
    tx,
    sql`
      SELECT 'variant ' || variant_id AS subject, quantity::bigint AS kept, coalesce(sum, 0) AS source
      FROM stock_levels LEFT JOIN (
        SELECT variant_id, sum(delta) FROM stock_ledger WHERE merchant_id = ${merchantId} AND store_id = ${storeId} GROUP BY variant_id
      ) AS ledger USING (variant_id)
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND quantity IS NOT NULL`,
  );
}
