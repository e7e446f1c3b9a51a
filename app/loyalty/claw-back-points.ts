import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId, OrderId } from '#core/values/ids.ts';
import type { PointsBalance } from './loyalty-events.ts';
import { pointsKept } from './loyalty-rules.ts';
import { movePoints } from './move-points.ts';

export interface Refunded {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  /** All that was given back of the order so far, with what is given back now. */
  readonly refundedCents: number;
  readonly totalCents: number;
  readonly at: Date;
}

/**
 * Takes back what the refunded part of an order had earned, as far as the customer still has it; null when that is nothing. Called in the
 * transaction of the refund, which locks the order before and stock after; the caller records `pointsUpdated` of the answer.
 */
export async function clawBackPoints(
  tx: TenantTx<StoreTenant>,
  refund: Refunded,
): Promise<PointsBalance | null> {
  const points = await lockBalance(tx, refund.customerId);
  const { earned, taken } = await pointsOfOrder(tx, refund.orderId);
  const delta = Math.min(points, earned - taken - pointsKept(earned, refund));
  if (delta <= 0) return null;
  return movePoints(tx, {
    customerId: refund.customerId,
    delta: -delta,
    reason: 'clawed_back',
    orderId: refund.orderId,
    note: null,
    at: refund.at,
  });
}

/** Also of someone who was erased since: their orders stay, and are refunded like others. */
async function lockBalance({ sql, tenant }: TenantTx<StoreTenant>, id: CustomerId): Promise<number> {
  const [row] = await sql<{ points: number }[]>`
    SELECT loyalty_points AS points FROM customers
    WHERE merchant_id = ${tenant.merchantId} AND id = ${id} FOR NO KEY UPDATE`;
  return row?.points ?? 0;
}

async function pointsOfOrder({ sql, tenant }: TenantTx<StoreTenant>, orderId: OrderId) {
  const [row] = await sql<{ earned: number; taken: number }[]>`
    SELECT coalesce(sum(delta) FILTER (WHERE reason = 'earned'), 0)::int AS earned,
      coalesce(-sum(delta) FILTER (WHERE reason = 'clawed_back'), 0)::int AS taken
    FROM loyalty_ledger WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND order_id = ${orderId}`;
  return row ?? { earned: 0, taken: 0 };
}
