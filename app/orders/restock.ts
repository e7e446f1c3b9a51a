import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { OrderId, VariantId } from '#core/values/ids.ts';

/**
 * Gives back what an order took from counted stock, with its ledger rows; answers the variants that were sold out until now. Levels are
 * locked in the order of variants, as everywhere.
 */
export async function restock(
  { sql, tenant }: TenantTx<StoreTenant>,
  orderId: OrderId,
  now: Date,
): Promise<VariantId[]> {
  const given = await sql<{ variant_id: VariantId; was_empty: boolean }[]>`
    WITH taken AS (
      SELECT variant_id, -sum(delta)::int AS quantity FROM stock_ledger
      WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND order_id = ${orderId}
      GROUP BY variant_id HAVING sum(delta) < 0
    ), locked AS MATERIALIZED (
      SELECT variant_id, taken.quantity FROM stock_levels JOIN taken USING (variant_id)
      WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} ORDER BY variant_id FOR NO KEY UPDATE OF stock_levels
    ), given AS (
      UPDATE stock_levels SET quantity = stock_levels.quantity + locked.quantity FROM locked
      WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND stock_levels.variant_id = locked.variant_id
      RETURNING stock_levels.variant_id, locked.quantity, stock_levels.quantity = locked.quantity AS was_empty
    ), ledger AS (
      INSERT INTO stock_ledger (merchant_id, store_id, variant_id, order_id, delta, reason, at)
      SELECT ${tenant.merchantId}, ${tenant.storeId}, variant_id, ${orderId}, quantity, 'order_cancelled', ${now} FROM given
    )
    SELECT variant_id, was_empty FROM given`;
  return given.filter(({ was_empty }) => was_empty).map(({ variant_id }) => variant_id);
}
