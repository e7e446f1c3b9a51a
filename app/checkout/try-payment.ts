import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { refusal } from '../errors.ts';
import { orderByPublicId } from '../orders/order-queries.ts';
import { keepReference } from '../payments/change-payment.ts';
import { closePayment } from '../payments/close-payment.ts';
import { paymentUnavailable, providerOf } from '../payments/payment-provider.ts';
import type {
  Declined,
  PaymentOutcome,
  PaymentProvider,
  PaymentProviders,
  PaymentStep,
  ProviderPayment,
} from '../payments/payment-provider.ts';
import { atProvider, type PaymentRow } from '../payments/payment-queries.ts';
import type { PaymentStepView, PlacedOrder } from './checkout-schemas.ts';
import { captureOrStrand, settlePayment } from './settle-payment.ts';
import { toldAgain } from './write-order.ts';

/** What banks and shops suspect is not told to whoever tries the card: Stripe asks to present it as any other decline. */
const SUSPICIONS: ReadonlySet<string> = new Set([
  'fraudulent',
  'lost_card',
  'merchant_blacklist',
  'pickup_card',
  'stolen_card',
]);

export interface TryPayment {
  readonly providers: PaymentProviders;
  readonly payment: PaymentRow;
  /** What is to be charged; null when the customer's browser does it. */
  readonly source: string | null;
  /** Whether the customer comes back from a second step. */
  readonly customerIsBack: boolean;
  readonly requestId: string | null;
}

/**
 * Tries to have a payment made while its customer waits; answers the order, or what the customer must do first. Between the two transactions:
 * the provider is asked in none. Refuses PAYMENT_DECLINED, PAYMENT_EXPIRED, PAYMENT_RETURNED, and PAYMENT_UNAVAILABLE without an answer.
 */
export async function tryPayment(
  db: TenantDb<StoreTenant>,
  attempt: TryPayment,
): Promise<PlacedOrder | PaymentStepView> {
  const { payment, providers, requestId } = attempt;
  const { id } = payment;
  // Whoever paid in the last moment is told now whether there still was enough for their order.
  if (isTooLate(payment)) return told(db, await settlePayment(db, { providers, id, requestId }));
  if (payment.state !== 'pending') return told(db, payment);
  const close = (failure: string) => db.write((tx) => closePayment(tx, { id, failure, now: new Date() }));
  const outcome = await asked(db, attempt);
  if (outcome.kind === 'declined') return told(db, await close(outcome.reason));
  if (outcome.kind === 'cancelled') return told(db, await close('cancelled'));
  if (outcome.kind !== 'paid') return stepOf(payment, outcome.step);
  return told(db, await captureOrStrand(db, { id, paid: outcome, requestId, now: new Date() }));
}

/** Whether its hold is over, and nobody has asked yet whether it was made. */
function isTooLate({ state, failure, hold_expires_at }: PaymentRow): boolean {
  return state === 'pending' ? hold_expires_at <= new Date() : state === 'closing' && failure === 'expired';
}

/** The answer for a payment about which all is decided. */
async function told(db: TenantDb<StoreTenant>, payment: PaymentRow): Promise<PlacedOrder> {
  if (payment.state === 'captured')
    return toldAgain(await db.read((tx) => orderByPublicId(tx, payment.order_token)));
  const { state, failure } = payment;
  if (state === 'stranded' || state === 'returned')
    throw refusal('PAYMENT_RETURNED', 'The payment arrived, the order could not be kept.', {
      reason: failure,
    });
  if (state === 'closing' && failure === 'expired')
    throw paymentUnavailable(new Error('the hold is over, the payment is not yet'));
  if (failure === 'expired' || failure === 'cancelled')
    throw refusal('PAYMENT_EXPIRED', 'The payment was not made in time; nothing was charged.');
  throw refusal('PAYMENT_DECLINED', 'The payment was declined; nothing was charged.', {
    decline_code: failure !== null && SUSPICIONS.has(failure) ? 'card_declined' : failure,
  });
}

/** A payment that was known before may have been made since; only one that was not may be charged. */
async function asked(db: TenantDb<StoreTenant>, attempt: TryPayment): Promise<PaymentOutcome> {
  const { providers, payment, source, customerIsBack } = attempt;
  const provider = await providerOf(providers, db, payment);
  if (payment.reference === null) {
    const known = await opened(db, provider, attempt);
    if ('kind' in known) return known;
    return source === null ? provider.look(known, false) : provider.charge(known, source);
  }
  const known = atProvider(payment);
  const outcome = await provider.look(known, customerIsBack);
  return outcome.kind === 'untried' && source !== null ? provider.charge(known, source) : outcome;
}

/** Makes the payment known to its provider and keeps its name there, before anything can move money under it. */
async function opened(
  db: TenantDb<StoreTenant>,
  provider: PaymentProvider,
  { payment, source }: TryPayment,
): Promise<ProviderPayment | Declined> {
  const { id, token, amount_cents: amountCents, currency } = payment;
  const reference = await provider.open({ token, amountCents, currency }, source);
  if (typeof reference !== 'string') return reference;
  const kept = await db.write((tx) => keepReference(tx, id, reference));
  if (!kept) throw paymentUnavailable(new Error('the payment was closed while it was being opened'));
  return { token, reference, amountCents, currency };
}

function stepOf(
  { token, amount_cents, currency, hold_expires_at }: PaymentRow,
  { clientSecret, action }: PaymentStep,
): PaymentStepView {
  return {
    payment_id: token,
    total_cents: amount_cents,
    currency,
    client_secret: clientSecret,
    next_action: action,
    expires_at: hold_expires_at.toISOString(),
  };
}
