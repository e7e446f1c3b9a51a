import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { OrderId, VariantId } from '#core/values/ids.ts';
import { shelvePieces } from '../stock/shelve-pieces.ts';

/** Gives back what a cancelled order took from counted stock; answers the variants that were sold out until now. */
export function restock(tx: TenantTx<StoreTenant>, orderId: OrderId, now: Date): Promise<VariantId[]> {
  const { sql, tenant } = tx;
  const taken = sql`
    SELECT variant_id, -sum(delta)::int AS quantity FROM stock_ledger
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND order_id = ${orderId}
    GROUP BY variant_id HAVING sum(delta) < 0`;
  return shelvePieces(tx, taken, { reason: 'order_cancelled', orderId, at: now });
}
