import { compareKept, type Comparison } from '#core/db/compare-kept.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';

/** Holds the counted uses of the store's codes against the redemptions that were not released. */
export function checkUses(tx: TenantTx<StoreTenant>): Promise<Comparison> {
  const { sql, tenant } = tx;
  const { merchantId, storeId } = tenant;
  return compareKept(
    tx,
    sql`
      SELECT 'code ' || code AS subject, uses AS kept, coalesce(redemptions, 0) AS source
      FROM promotions LEFT JOIN (
        SELECT promotion_id, count(*) AS redemptions FROM promotion_redemptions
        WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND released_at IS NULL GROUP BY promotion_id
      ) AS redeemed ON promotion_id = id
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId}`,
  );
}
