import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { OrderId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { OrderStatus } from './order.ts';
import type { RefundableLine } from './refund-amount.ts';

/** An order as far as a refund is concerned. */
export interface RefundableOrder {
  id: OrderId;
  public_id: string;
  number: number;
  status: OrderStatus;
  payment_method: string;
  total_cents: number;
  refunded_cents: number;
  lines: RefundableLine[];
}

/** The order by its token, locked to COMMIT: refunds of one order come one after the other. */
export async function lockRefundableOrder(
  { sql, tenant }: TenantTx<StoreTenant>,
  publicId: string,
): Promise<RefundableOrder> {
  const { merchantId, storeId } = tenant;
  const [order] = await sql<Omit<RefundableOrder, 'lines'>[]>`
    SELECT id, public_id, number, status, payment_method, total_cents, refunded_cents FROM orders
    WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND public_id = ${publicId} FOR NO KEY UPDATE`;
  if (!order) throw refusal('ORDER_NOT_FOUND', 'There is no order with this id at this store.');
  const lines = await sql<RefundableLine[]>`
    SELECT l.position, l.quantity, l.total_cents - l.discount_cents + CASE WHEN o.tax_cents > 0 THEN l.tax_cents ELSE 0 END AS paid_cents,
      coalesce(sum(r.quantity), 0)::int AS refunded_quantity
    FROM order_lines l JOIN orders o ON o.merchant_id = l.merchant_id AND o.store_id = l.store_id AND o.id = l.order_id
      LEFT JOIN (refund_lines r JOIN refunds ON refunds.merchant_id = r.merchant_id AND refunds.store_id = r.store_id
          AND refunds.id = r.refund_id AND refunds.state <> 'refused')
        ON r.merchant_id = l.merchant_id AND r.store_id = l.store_id AND r.order_id = l.order_id AND r.position = l.position
    WHERE l.merchant_id = ${merchantId} AND l.store_id = ${storeId} AND l.order_id = ${order.id}
    GROUP BY l.merchant_id, l.store_id, l.order_id, l.position, o.tax_cents ORDER BY l.position`;
  return { ...order, lines };
}
