import type { StoreTenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { SYSTEM } from '#core/security/audit.ts';
import { secretHash } from '#core/security/secret-token.ts';
import { atProvider, paymentById, type PaymentId, type PaymentRow } from '../payments/payment-queries.ts';
import { providerOf, type MadeRefund, type PaymentProviders } from '../payments/payment-provider.ts';
import { hasRefund } from '../orders/refund-queries.ts';
import { lockRefundableOrder } from '../orders/refundable-order.ts';
import { reserveRefund } from '../orders/reserve-refund.ts';
import { finishRefund } from './finish-refund.ts';
import { restUnlessPending } from './rest-unless-pending.ts';

const TOKEN_LENGTH = 22;
const REASON = 'Refunded in the payment provider’s own dashboard';

export interface AdoptRefunds {
  readonly providers: PaymentProviders;
  readonly id: PaymentId;
  readonly requestId: string | null;
}

/**
 * Notes the refunds of a paid order that were made at its provider by other hands, each once. Those that we asked for have their rows
 * since before they were asked for. Throws PAYMENT_UNAVAILABLE without an answer.
 */
export async function adoptRefunds(
  db: TenantDb<StoreTenant>,
  { providers, id, requestId }: AdoptRefunds,
): Promise<void> {
  const payment = await db.read((tx) => paymentById(tx, id));
  if (payment.state !== 'captured') return;
  const provider = await providerOf(providers, db, payment);
  for (const made of await provider.refunds(atProvider(payment)))
    await db.write((tx) => adoptRefund(tx, { payment, made, requestId, now: new Date() }));
}

export interface Adoption {
  readonly payment: PaymentRow;
  readonly made: MadeRefund;
  readonly requestId: string | null;
  readonly now: Date;
}

/** The same of one refund, in a transaction that there is. */
export async function adoptRefund(
  tx: TenantTx<StoreTenant>,
  { payment, made, requestId, now }: Adoption,
): Promise<void> {
  const order = await lockRefundableOrder(tx, payment.order_token);
  const token = tokenFor(made);
  if ((await hasRefund(tx, token)) || (made.token !== null && (await hasRefund(tx, made.token)))) return;
  // An order cannot count more as given back than was paid.
  const amountCents = Math.min(made.amountCents, order.total_cents - order.refunded_cents);
  if (amountCents <= 0) return;
  const refund = await reserveRefund(tx, order, {
    token,
    amountCents,
    reason: REASON,
    restock: false,
    lines: [],
    actor: SYSTEM,
    now,
    unattended: false,
  });
  record(tx, ...(await finishRefund(tx, refund, { requestId, now })));
  await restUnlessPending(tx, payment.id);
}

/** The provider's name for a refund in the form of ours: the same each time, so that it is noted once. */
function tokenFor({ reference }: MadeRefund): string {
  return secretHash(`refund ${reference}`).toString('base64url').slice(0, TOKEN_LENGTH);
}
