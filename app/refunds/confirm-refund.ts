import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { DomainEvent } from '#core/events/event.ts';
import { record } from '#core/events/record.ts';
import { writeAudit } from '#core/security/audit.ts';
import type { RefundOutcome } from '../payments/payment-provider.ts';
import { finishRefund } from './finish-refund.ts';
import { refundRefused } from '../orders/order-events.ts';
import { orderByPublicId } from '../orders/order-queries.ts';
import { actorOf, refundById, type RefundId, type RefundRow } from '../orders/refund-queries.ts';
import { lockRefundableOrder } from '../orders/refundable-order.ts';
import { restUnlessPending } from './rest-unless-pending.ts';

export interface ConfirmRefund {
  readonly id: RefundId;
  readonly outcome: RefundOutcome;
  readonly requestId: string | null;
  readonly now: Date;
}

/** Writes down what the provider said to a refund, once: of two who bring its answer, the second changes nothing. */
export async function confirmRefund(tx: TenantTx<StoreTenant>, input: ConfirmRefund): Promise<RefundRow> {
  const { id, outcome } = input;
  await lockRefundableOrder(tx, (await refundById(tx, id)).order_public_id);
  const refund = await refundById(tx, id);
  if (refund.state !== 'pending') return refund;
  if (outcome.kind === 'done') record(tx, ...(await finishRefund(tx, refund, input)));
  else record(tx, await takeBack(tx, refund, { ...input, failure: outcome.reason }));
  if (refund.payment_id !== null) await restUnlessPending(tx, refund.payment_id);
  return refundById(tx, id);
}

/** A refund that the provider refused: what was promised counts as paid again, and staff are told. */
async function takeBack(
  tx: TenantTx<StoreTenant>,
  refund: RefundRow,
  { failure, requestId, now }: ConfirmRefund & { readonly failure: string },
): Promise<DomainEvent> {
  const { sql, tenant } = tx;
  const actor = actorOf(refund);
  await sql`
    WITH settled AS (
      UPDATE refunds SET state = 'refused', failure = ${failure}, settled_at = ${now}
      WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${refund.id}
    )
    UPDATE orders SET refunded_cents = refunded_cents - ${refund.amount_cents}, version = version + 1
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${refund.order_id}`;
  await writeAudit(tx, {
    actor,
    action: 'order.refund_refused',
    entity: 'order',
    entityId: refund.order_id,
    before: null,
    after: { refund_cents: refund.amount_cents, failure },
    requestId,
    at: now,
  });
  const order = await orderByPublicId(tx, refund.order_public_id);
  return refundRefused(order, refund.amount_cents, { storeId: tenant.storeId, actor, at: now });
}
