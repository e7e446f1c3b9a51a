import { claimKey, type IdempotencyKey } from '#core/db/idempotency.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import type { Actor } from '#core/security/audit.ts';
import { newToken } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { finishRefund } from './finish-refund.ts';
import { refundAmount } from '../orders/refund-amount.ts';
import { refundById, refundByToken, type RefundRow } from '../orders/refund-queries.ts';
import type { RefundRequest } from '../orders/refund-view.ts';
import { lockRefundableOrder, type RefundableOrder } from '../orders/refundable-order.ts';
import { reserveRefund } from '../orders/reserve-refund.ts';

export interface RequestRefund {
  readonly publicId: string;
  readonly request: RefundRequest;
  readonly key: IdempotencyKey;
  readonly actor: Actor;
  readonly requestId: string | null;
  readonly now: Date;
}

/**
 * Promises a part of what was paid back to the customer, once per idempotency key. Money that staff give back by hand counts as given; of
 * what a provider took the refund is left pending. Refuses ORDER_NOT_PAID, REFUND_TOO_LARGE, NOTHING_TO_REFUND.
 */
export async function requestRefund(tx: TenantTx<StoreTenant>, input: RequestRefund): Promise<RefundRow> {
  const { request, actor, now, requestId } = input;
  const token = newToken();
  const claim = await claimKey(tx, input.key, token);
  if (!claim.first) return refundByToken(tx, claim.reference);
  const order = await lockRefundableOrder(tx, input.publicId);
  refuseUnpaid(order);
  const leftCents = order.total_cents - order.refunded_cents;
  const refund = await reserveRefund(tx, order, {
    token,
    amountCents: refundAmount(request, { lines: order.lines, leftCents }),
    reason: request.reason.trim(),
    restock: request.restock ?? false,
    lines: request.lines ?? [],
    actor,
    now,
    unattended: false,
  });
  if (refund.payment_id !== null) return refund;
  record(tx, ...(await finishRefund(tx, refund, { requestId, now })));
  return refundById(tx, refund.id);
}

/** Over the counter money comes with the handover; a transfer may have come long before. */
function refuseUnpaid({ number, status, payment_method: method }: RefundableOrder): void {
  if (method !== 'pay_at_pickup' || status === 'completed') return;
  throw refusal('ORDER_NOT_PAID', `Order #${number} is ${status} and was to be paid when it is handed over.`);
}
