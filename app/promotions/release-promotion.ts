import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { OrderId } from '#core/values/ids.ts';

/** Gives back the use of a code that an order took; nothing happens the second time. */
export async function releasePromotion(
  { sql, tenant }: TenantTx<StoreTenant>,
  orderId: OrderId,
  at: Date,
): Promise<void> {
  await sql`
    WITH released AS (
      UPDATE promotion_redemptions SET released_at = ${at}
      WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND order_id = ${orderId} AND released_at IS NULL
      RETURNING promotion_id
    )
    UPDATE promotions SET uses = uses - 1 FROM released
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = promotion_id`;
}
