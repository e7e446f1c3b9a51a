import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';

/** Whose use it is: an order's, or that of a payment whose order was not written. */
type Taker = { readonly orderId: number } | { readonly paymentId: number };

/** Gives back the use of a code; nothing happens the second time. */
export async function releasePromotion(
  { sql, tenant }: TenantTx<StoreTenant>,
  taker: Taker,
  at: Date,
): Promise<void> {
  const taken = 'orderId' in taker ? sql`order_id = ${taker.orderId}` : sql`payment_id = ${taker.paymentId}`;
  await sql`
    WITH released AS (
      UPDATE promotion_redemptions SET released_at = ${at}
      WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND ${taken} AND released_at IS NULL
      RETURNING promotion_id
    )
    UPDATE promotions SET uses = uses - 1 FROM released
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = promotion_id`;
}
