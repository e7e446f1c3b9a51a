import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId, OrderId } from '#core/values/ids.ts';
import { POINTS_MAX } from './loyalty-rules.ts';
import type { PointsBalance } from './loyalty-events.ts';

export interface Move {
  readonly customerId: CustomerId;
  /** Points that come (positive) or go. */
  readonly delta: number;
  readonly reason: 'earned' | 'returned' | 'clawed_back' | 'adjustment';
  /** The order that caused it; null for an adjustment. */
  readonly orderId: OrderId | null;
  /** Why, in the words of whoever adjusted. */
  readonly note: string | null;
  readonly at: Date;
}

/** Changes a customer's balance together with its ledger, in one statement. Null, and no change, when it would fall below zero or beyond `POINTS_MAX`. */
export async function movePoints(
  { sql, tenant }: TenantTx<Tenant>,
  { customerId, delta, reason, orderId, note, at }: Move,
): Promise<PointsBalance | null> {
  const [balance] = await sql<PointsBalance[]>`
    WITH moved AS (
      UPDATE customers SET loyalty_points = loyalty_points + ${delta}::int, loyalty_version = loyalty_version + 1
      WHERE merchant_id = ${tenant.merchantId} AND id = ${customerId}
        AND loyalty_points::bigint + ${delta}::int BETWEEN 0 AND ${POINTS_MAX}
      RETURNING public_id, loyalty_points AS points, loyalty_version AS version
    ), ledger AS (
      INSERT INTO loyalty_ledger (merchant_id, customer_id, store_id, order_id, delta, reason, note, at)
      SELECT ${tenant.merchantId}, ${customerId}, ${orderId === null ? null : tenant.storeId}::bigint, ${orderId}::bigint, ${delta}::int,
        ${reason}, ${note}, ${at} FROM moved
    )
    SELECT public_id, points, version FROM moved`;
  return balance ?? null;
}
