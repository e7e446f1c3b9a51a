import type { Fragment } from 'postgres';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { VariantId } from '#core/values/ids.ts';

/** Why pieces come back, as the ledger says it; what it does not name is null. */
export interface Return {
  readonly reason: 'order_cancelled' | 'refunded' | 'hold_released';
  readonly orderId?: number;
  readonly refundId?: number;
  readonly paymentId?: number;
  readonly at: Date;
}

/**
 * Puts pieces back on the shelf, with their ledger rows; answers the variants that were sold out until now. `pieces` is a query of variant_id
 * and quantity. Levels are locked in the order of variants, as everywhere.
 */
export async function shelvePieces(
  { sql, tenant }: TenantTx<StoreTenant>,
  pieces: Fragment,
  { reason, orderId, refundId, paymentId, at }: Return,
): Promise<VariantId[]> {
  const { merchantId, storeId } = tenant;
  const given = await sql<{ variant_id: VariantId; was_sold_out: boolean }[]>`
    WITH pieces AS (${pieces}), locked AS MATERIALIZED (
      SELECT variant_id, pieces.quantity FROM stock_levels JOIN pieces USING (variant_id)
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId} ORDER BY variant_id FOR NO KEY UPDATE OF stock_levels
    ), given AS (
      UPDATE stock_levels SET quantity = stock_levels.quantity + locked.quantity FROM locked
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND stock_levels.variant_id = locked.variant_id
      RETURNING stock_levels.variant_id, locked.quantity, NOT backorder AND stock_levels.quantity = locked.quantity AS was_sold_out
    ), ledger AS (
      INSERT INTO stock_ledger (merchant_id, store_id, variant_id, order_id, refund_id, payment_id, delta, reason, at)
      SELECT ${merchantId}, ${storeId}, variant_id, ${orderId ?? null}::bigint, ${refundId ?? null}::bigint, ${paymentId ?? null}::bigint,
        quantity, ${reason}, ${at} FROM given
    )
    SELECT variant_id, was_sold_out FROM given`;
  return given.filter(({ was_sold_out }) => was_sold_out).map(({ variant_id }) => variant_id);
}
