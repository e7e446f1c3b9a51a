import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { SYSTEM } from '#core/security/audit.ts';
import { availabilityTurned } from '../stock/availability-turned.ts';
import { movePayment } from './change-payment.ts';
import { releaseHeld } from './release-held.ts';
import { lockPayment, type PaymentId, type PaymentRow } from './payment-queries.ts';

interface Stranding {
  readonly id: PaymentId;
  /** Why there can be no order, in one word. */
  readonly failure: string;
  readonly now: Date;
}

/** Notes that a payment was made for which there can be no order: what it held goes back on the shelf, its money must go back too. */
export async function strandPayment(
  tx: TenantTx<StoreTenant>,
  { id, failure, now }: Stranding,
): Promise<PaymentRow> {
  const payment = await lockPayment(tx, id);
  if (payment.state !== 'pending' && payment.state !== 'closing') return payment;
  const variantIds = payment.state === 'pending' ? await releaseHeld(tx, payment, now) : [];
  const stranded = await movePayment(tx, payment, { state: 'stranded', failure }, now);
  record(tx, ...(await availabilityTurned(tx, { variantIds, soldOut: false, actor: SYSTEM, at: now })));
  return stranded;
}
