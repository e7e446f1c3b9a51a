import type { DomainEvent } from '#core/events/event.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit } from '#core/security/audit.ts';
import type { VariantId } from '#core/values/ids.ts';
import { availabilityTurned } from '../stock/availability-turned.ts';
import { clawBackPoints } from '../loyalty/claw-back-points.ts';
import { pointsUpdated } from '../loyalty/loyalty-events.ts';
import { orderRefunded } from '../orders/order-events.ts';
import { orderByPublicId } from '../orders/order-queries.ts';
import { actorOf, type RefundRow } from '../orders/refund-queries.ts';
import { shelvePieces } from '../stock/shelve-pieces.ts';

interface Occasion {
  readonly requestId: string | null;
  readonly now: Date;
}

/**
 * What a refund does once the money went back: it is done, points that were earned with it are taken back, pieces go on the shelf if they are
 * to, the order moves to its next version, and the audit says who. The caller has locked the order and records the events.
 */
export async function finishRefund(
  tx: TenantTx<StoreTenant>,
  refund: RefundRow,
  { requestId, now }: Occasion,
): Promise<DomainEvent[]> {
  const { sql, tenant } = tx;
  const actor = actorOf(refund);
  await sql`
    WITH settled AS (
      UPDATE refunds SET state = 'done', settled_at = ${now}
      WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${refund.id}
    )
    UPDATE orders SET version = version + 1
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${refund.order_id}`;
  const order = await orderByPublicId(tx, refund.order_public_id);
  const balance = await clawBackPoints(tx, {
    orderId: order.id,
    customerId: order.customer_id,
    refundedCents: order.refunded_cents,
    totalCents: order.total_cents,
    at: now,
  });
  const variantIds = refund.restock ? await shelve(tx, refund, now) : [];
  await writeAudit(tx, {
    actor,
    action: 'order.refunded',
    entity: 'order',
    entityId: refund.order_id,
    before: null,
    after: { refund_cents: refund.amount_cents, restock: refund.restock },
    requestId,
    at: now,
  });
  const back = await availabilityTurned(tx, { variantIds, soldOut: false, actor, at: now });
  const points = balance ? [pointsUpdated(balance, { actor, at: now })] : [];
  const refunded = orderRefunded(order, refund.amount_cents, { storeId: tenant.storeId, actor, at: now });
  return [refunded, ...back, ...points];
}

/**
 * Gives back the pieces of the refund's lines, or all of the order's, never more than the order still has of counted stock; answers the
 * variants that were sold out until now.
 */
function shelve(tx: TenantTx<StoreTenant>, refund: RefundRow, now: Date): Promise<VariantId[]> {
  const { sql, tenant } = tx;
  const { merchantId, storeId } = tenant;
  const returned = sql`
    WITH kept AS (
      SELECT variant_id, -sum(delta)::int AS quantity FROM stock_ledger
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND order_id = ${refund.order_id}
      GROUP BY variant_id HAVING sum(delta) < 0
    ), wanted AS (
      SELECT variant_id, sum(r.quantity)::int AS quantity
      FROM refund_lines r JOIN order_lines l USING (merchant_id, store_id, order_id, position)
      WHERE r.merchant_id = ${merchantId} AND r.store_id = ${storeId} AND r.refund_id = ${refund.id} GROUP BY variant_id
    )
    SELECT variant_id, least(kept.quantity, wanted.quantity) AS quantity FROM kept JOIN wanted USING (variant_id)
    UNION ALL SELECT variant_id, quantity FROM kept WHERE NOT EXISTS (SELECT FROM wanted)`;
  return shelvePieces(tx, returned, {
    reason: 'refunded',
    orderId: refund.order_id,
    refundId: refund.id,
    at: now,
  });
}
