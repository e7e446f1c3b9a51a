import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { Actor } from '#core/security/audit.ts';
import type { Brand } from '#core/values/brand.ts';
import type { OrderId } from '#core/values/ids.ts';
import type { PaymentId } from '../payments/payment-queries.ts';
import type { Refund } from './refund-view.ts';

export type RefundId = Brand<number, 'RefundId'>;

export interface RefundRow {
  id: RefundId;
  token: string;
  order_id: OrderId;
  order_public_id: string;
  /** Null when the money is given back by hand. */
  payment_id: PaymentId | null;
  state: 'pending' | 'done' | 'refused';
  amount_cents: number;
  currency: string;
  reason: string;
  restock: boolean;
  failure: string | null;
  actor_kind: Actor['kind'];
  actor_id: number | null;
  requested_at: Date;
  settled_at: Date | null;
  lines: { position: number; quantity: number }[];
}

/** The refunds of an order, oldest first. */
export async function refundsOfOrder(tx: TenantTx<StoreTenant>, orderId: OrderId): Promise<RefundRow[]> {
  return tx.sql<RefundRow[]>`${refundColumns(tx)} AND r.order_id = ${orderId} ORDER BY r.id`;
}

export async function refundById(tx: TenantTx<StoreTenant>, id: RefundId): Promise<RefundRow> {
  const [refund] = await tx.sql<RefundRow[]>`${refundColumns(tx)} AND r.id = ${id}`;
  return there(refund);
}

export async function refundByToken(tx: TenantTx<StoreTenant>, token: string): Promise<RefundRow> {
  const [refund] = await tx.sql<RefundRow[]>`${refundColumns(tx)} AND r.token = ${token}`;
  return there(refund);
}

/** Whether there is a refund of this name, whatever became of it. */
export async function hasRefund({ sql, tenant }: TenantTx<StoreTenant>, token: string): Promise<boolean> {
  const found = await sql`
    SELECT FROM refunds WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND token = ${token}`;
  return found.length === 1;
}

/** The refunds of a payment of which nobody knows yet whether the money went back. */
export async function pendingRefunds(
  { sql, tenant }: TenantTx<StoreTenant>,
  paymentId: PaymentId,
): Promise<RefundId[]> {
  const rows = await sql<{ id: RefundId }[]>`
    SELECT id FROM refunds
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND payment_id = ${paymentId} AND state = 'pending'
    ORDER BY id`;
  return rows.map(({ id }) => id);
}

/** The refund as staff see it. */
export function refundView(refund: RefundRow): Refund {
  const { token, state, amount_cents, currency, reason, restock, lines, settled_at } = refund;
  return {
    refund_id: token,
    state,
    amount_cents,
    currency,
    reason,
    restock,
    lines,
    requested_at: refund.requested_at.toISOString(),
    settled_at: settled_at?.toISOString() ?? null,
  };
}

/** Who asked for it. */
export function actorOf({ actor_kind: kind, actor_id: id }: RefundRow): Actor {
  return kind === 'system' || id === null ? { kind: 'system' } : { kind, id };
}

function there(refund: RefundRow | undefined): RefundRow {
  if (!refund) throw new Error('refund: expected one that was asked for');
  return refund;
}

function refundColumns({ sql, tenant }: TenantTx<StoreTenant>) {
  return sql`
    SELECT r.id, r.token, r.order_id, o.public_id AS order_public_id, r.payment_id, r.state, r.amount_cents, o.currency, r.reason, r.restock,
      r.failure, r.actor_kind, r.actor_id, r.requested_at, r.settled_at,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('position', position, 'quantity', quantity) ORDER BY position), '[]') FROM refund_lines l
        WHERE l.merchant_id = r.merchant_id AND l.store_id = r.store_id AND l.refund_id = r.id) AS lines
    FROM refunds r JOIN orders o ON o.merchant_id = r.merchant_id AND o.store_id = r.store_id AND o.id = r.order_id
    WHERE r.merchant_id = ${tenant.merchantId} AND r.store_id = ${tenant.storeId}`;
}
