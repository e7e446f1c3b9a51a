import type { Stripe } from 'stripe';
import { paymentUnavailable } from './payment-provider.ts';
import type {
  MadeRefund,
  PaymentOutcome,
  PaymentProvider,
  PaymentStep,
  ProviderPayment,
  RefundOutcome,
  RefundRequest,
} from './payment-provider.ts';
import type { StripeAccountRow } from './stripe-account-queries.ts';

/** More refunds of one payment than this are not looked through. */
const REFUNDS_MAX = 100;
const ALL_BACK = 'charge_already_refunded';

/** Cards through Stripe's PaymentIntents: the browser makes a payment method or confirms with the client secret, the server decides. */
export function stripeProvider(
  stripe: Stripe,
  { side, publishable_key: publishableKey }: Pick<StripeAccountRow, 'side' | 'publishable_key'>,
): PaymentProvider {
  const { paymentIntents, errors } = stripe;
  const answered = (ask: Promise<Stripe.PaymentIntent>) =>
    ask.then(outcomeOf).catch((error: unknown) => declined(error, errors));
  const look = ({ reference }: ProviderPayment) => answered(paymentIntents.retrieve(reference));
  return {
    method: 'stripe',
    account: side,
    publishableKey,
    accepts: (source) => source === null || /^pm_\w{1,200}$/.test(source),
    open: async ({ token, amountCents, currency }) => {
      const intent = {
        amount: amountCents,
        currency: currency.toLowerCase(),
        payment_method_types: ['card'],
        metadata: { payment: token },
      };
      try {
        return (await paymentIntents.create(intent, { idempotencyKey: `open-${token}` })).id;
      } catch (error) {
        // An amount or a currency that Stripe does not take: asking again would not help.
        if (error instanceof errors.StripeInvalidRequestError)
          return { kind: 'declined', reason: reasonOf({ code: error.code ?? 'payment_refused' }) };
        throw paymentUnavailable(error);
      }
    },
    charge: ({ reference, token }, source) => {
      const confirmation = { payment_method: source, use_stripe_sdk: true };
      return answered(
        paymentIntents.confirm(reference, confirmation, { idempotencyKey: `confirm-${token}` }),
      );
    },
    look,
    cancel: async (payment) => {
      try {
        return outcomeOf(await paymentIntents.cancel(payment.reference));
      } catch (error) {
        // Paid or cancelled before: there is nothing to be ended, and the intent says which.
        if (error instanceof errors.StripeInvalidRequestError) return look(payment);
        throw paymentUnavailable(error);
      }
    },
    refund: (payment, request) => refund(stripe, payment, request),
    refunds: (payment) => refundsOf(stripe, payment).catch(unanswered),
  };
}

function outcomeOf(intent: Stripe.PaymentIntent): PaymentOutcome {
  const { status, last_payment_error: problem } = intent;
  if (status === 'succeeded')
    return { kind: 'paid', amountCents: intent.amount_received, currency: intent.currency.toUpperCase() };
  if (status === 'canceled') return { kind: 'cancelled' };
  if (status === 'requires_confirmation') return { kind: 'untried', step: stepOf(intent) };
  if (status !== 'requires_payment_method') return { kind: 'waiting', step: stepOf(intent) };
  return problem
    ? { kind: 'declined', reason: reasonOf(problem) }
    : { kind: 'untried', step: stepOf(intent) };
}

function stepOf({ client_secret: clientSecret, next_action: action }: Stripe.PaymentIntent): PaymentStep {
  const url = action?.redirect_to_url?.url ?? null;
  return { clientSecret, action: action && { type: action.type, url } };
}

/** A refusal of the card is an answer; everything else is none. */
function declined(error: unknown, errors: Stripe['errors']): PaymentOutcome {
  const { StripeCardError, StripeInvalidRequestError } = errors;
  if (error instanceof StripeCardError) return { kind: 'declined', reason: reasonOf(error) };
  if (error instanceof StripeInvalidRequestError && error.param === 'payment_method')
    return { kind: 'declined', reason: 'payment_method_invalid' };
  throw paymentUnavailable(error);
}

function reasonOf({ decline_code, code }: { decline_code?: string; code?: string }): string {
  const reason = decline_code ?? code ?? 'card_declined';
  return /^[a-z0-9_]{1,120}$/.test(reason) ? reason : 'card_declined';
}

async function refund(
  stripe: Stripe,
  payment: ProviderPayment,
  { token, amountCents, repeated }: RefundRequest,
): Promise<RefundOutcome> {
  const { StripeError, StripeInvalidRequestError } = stripe.errors;
  try {
    // Stripe remembers idempotency keys for a day only; what it did, it remembers for ever.
    const made = repeated ? await refundsOf(stripe, payment) : [];
    if (made.some((refunded) => refunded.token === token)) return { kind: 'done' };
    const asked = {
      payment_intent: payment.reference,
      ...(amountCents !== null && { amount: amountCents }),
      metadata: { refund: token },
    };
    const { status } = await stripe.refunds.create(asked, { idempotencyKey: `refund-${token}` });
    return status === 'failed' || status === 'canceled'
      ? { kind: 'refused', reason: `refund_${status}` }
      : { kind: 'done' };
  } catch (error) {
    // All of it went back before: that is what was asked for.
    if (amountCents === null && error instanceof StripeError && error.code === ALL_BACK)
      return { kind: 'done' };
    if (error instanceof StripeInvalidRequestError)
      return { kind: 'refused', reason: reasonOf({ code: error.code ?? 'refund_refused' }) };
    throw paymentUnavailable(error);
  }
}

/** What went back, or is on its way. */
async function refundsOf(stripe: Stripe, { reference }: ProviderPayment): Promise<MadeRefund[]> {
  const { data } = await stripe.refunds.list({ payment_intent: reference, limit: REFUNDS_MAX });
  return data
    .filter(({ status }) => status !== 'failed' && status !== 'canceled')
    .map(({ id, amount, metadata }) => ({
      reference: id,
      token: metadata?.['refund'] ?? null,
      amountCents: amount,
    }));
}

function unanswered(error: unknown): never {
  throw paymentUnavailable(error);
}
