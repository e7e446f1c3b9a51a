import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { SYSTEM } from '#core/security/audit.ts';
import { availabilityTurned } from '../stock/availability-turned.ts';
import { movePayment } from './change-payment.ts';
import { releaseHeld } from './release-held.ts';
import { lockPayment, type PaymentId, type PaymentRow } from './payment-queries.ts';

interface Closing {
  readonly id: PaymentId;
  /** Why, in one word: `expired`, or what the provider said. */
  readonly failure: string;
  readonly now: Date;
}

/** Gives up a payment: what it holds is given back, and its provider is to end it. Does nothing to one that is no longer pending. */
export async function closePayment(
  tx: TenantTx<StoreTenant>,
  { id, failure, now }: Closing,
): Promise<PaymentRow> {
  const payment = await lockPayment(tx, id);
  if (payment.state !== 'pending') return payment;
  const variantIds = await releaseHeld(tx, payment, now);
  const closed = await movePayment(tx, payment, { state: 'closing', failure }, now);
  record(tx, ...(await availabilityTurned(tx, { variantIds, soldOut: false, actor: SYSTEM, at: now })));
  return closed;
}
