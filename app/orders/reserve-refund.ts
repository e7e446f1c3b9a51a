import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { Actor } from '#core/security/audit.ts';
import { newToken } from '#core/values/ids.ts';
import { setDue } from '../payments/change-payment.ts';
import { paymentForOrder } from '../payments/payment-queries.ts';
import { refundById, type RefundId, type RefundRow } from './refund-queries.ts';
import type { RefundableOrder } from './refundable-order.ts';

/** When someone looks what became of a refund whose request ended before its answer came. */
const FIRST_LOOK_MS = 30_000;

export interface NewRefund {
  readonly token?: string;
  readonly amountCents: number;
  readonly reason: string;
  readonly restock: boolean;
  readonly lines: readonly { readonly position: number; readonly quantity: number }[];
  readonly actor: Actor;
  readonly now: Date;
  /** Whether nobody waits for it, so that it is due at once. */
  readonly unattended: boolean;
}

/**
 * Promises money back: counts it in the order, whose row the caller has locked, and writes the refund as pending. Nothing has been asked of
 * the provider yet.
 */
export async function reserveRefund(
  tx: TenantTx<StoreTenant>,
  order: RefundableOrder,
  refund: NewRefund,
): Promise<RefundRow> {
  const { sql, tenant } = tx;
  const { merchantId, storeId } = tenant;
  const { actor, now, lines } = refund;
  const payment = await paymentForOrder(tx, order.public_id);
  const [row] = await sql<{ id: RefundId }[]>`
    WITH counted AS (
      UPDATE orders SET refunded_cents = refunded_cents + ${refund.amountCents}
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND id = ${order.id}
    ), refund AS (
      INSERT INTO refunds (merchant_id, store_id, token, order_id, payment_id, amount_cents, reason, restock, actor_kind, actor_id, requested_at)
      VALUES (${merchantId}, ${storeId}, ${refund.token ?? newToken()}, ${order.id}, ${payment?.id ?? null}, ${refund.amountCents},
        ${refund.reason}, ${refund.restock}, ${actor.kind}, ${actor.kind === 'system' ? null : actor.id}, ${now})
      RETURNING id
    ), written AS (
      INSERT INTO refund_lines (merchant_id, store_id, refund_id, order_id, position, quantity)
      SELECT ${merchantId}, ${storeId}, refund.id, ${order.id}, position, quantity
      FROM refund, jsonb_to_recordset(${sql.json(lines as never)}) AS line (position int, quantity int)
    )
    SELECT id FROM refund`;
  if (!row) throw new Error('refund: the insert returned no row');
  if (payment)
    await setDue(tx, payment.id, new Date(now.getTime() + (refund.unattended ? 0 : FIRST_LOOK_MS)));
  return refundById(tx, row.id);
}
