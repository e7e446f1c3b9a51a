import type { StoreTenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import {
  paymentUnavailable,
  type PaymentProviders,
  type RefundOutcome,
} from '../payments/payment-provider.ts';
import { atProvider, paymentById } from '../payments/payment-queries.ts';
import { adoptRefund } from './adopt-refunds.ts';
import { confirmRefund } from './confirm-refund.ts';
import { refundById, type RefundId, type RefundRow } from '../orders/refund-queries.ts';

/** What was paid into an account that is no longer connected goes back by its owner's hand, at the provider. */
const DISCONNECTED: RefundOutcome = { kind: 'refused', reason: 'account_disconnected' };

export interface SettleRefund {
  readonly providers: PaymentProviders;
  readonly id: RefundId;
  readonly requestId: string | null;
}

/**
 * Asks the provider for a pending refund, outside of any transaction, and writes down the answer; with a refusal, what went back by other
 * hands. Throws PAYMENT_UNAVAILABLE without an answer.
 */
export async function settleRefund(
  db: TenantDb<StoreTenant>,
  { providers, id, requestId }: SettleRefund,
): Promise<RefundRow> {
  const { refund, payment, attempts } = await db.write(async (tx) => {
    const pending = await refundById(tx, id);
    if (pending.payment_id === null || pending.state !== 'pending')
      return { refund: pending, payment: null, attempts: 0 };
    const paid = await paymentById(tx, pending.payment_id);
    return { refund: pending, payment: paid, attempts: await countAttempt(tx, id) };
  });
  if (!payment) return refund;
  const provider = await providers.of(db, payment);
  // Asked for before, the money may be back: it is not refused, but stays to be asked for.
  if (!provider && attempts > 1) throw paymentUnavailable(new Error('its account is not connected'));
  const request = { token: refund.token, amountCents: refund.amount_cents, repeated: attempts > 1 };
  const outcome = provider ? await provider.refund(atProvider(payment), request) : DISCONNECTED;
  // Refused perhaps because the money went back by other hands, of which we were not told.
  const others = provider && outcome.kind === 'refused' ? await provider.refunds(atProvider(payment)) : [];
  return db.write(async (tx) => {
    const now = new Date();
    const confirmed = await confirmRefund(tx, { id, outcome, requestId, now });
    for (const made of others) await adoptRefund(tx, { payment, made, requestId, now });
    return confirmed;
  });
}

async function countAttempt({ sql, tenant }: TenantTx<StoreTenant>, id: RefundId): Promise<number> {
  const [row] = await sql<{ attempts: number }[]>`
    UPDATE refunds SET attempts = attempts + 1
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id} RETURNING attempts`;
  return row?.attempts ?? 1;
}
