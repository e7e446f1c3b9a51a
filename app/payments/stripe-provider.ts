import { Stripe } from 'stripe';
import { paymentUnavailable } from './payment-provider.ts';
import type {
  PaymentOutcome,
  PaymentProvider,
  PaymentStep,
  ProviderPayment,
  RefundOutcome,
  RefundRequest,
} from './payment-provider.ts';

/** How long one request may take before it counts as unanswered. */
const TIMEOUT_MS = 8_000;
const RETRIES = 1;
/** More refunds of one payment than this are not looked through. */
const REFUNDS_MAX = 100;
const ALL_BACK = 'charge_already_refunded';

export interface StripeSettings {
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly publishableKey: string | null;
  /** Where Stripe's API is. */
  readonly apiBase: string;
  readonly timeoutMs?: number;
  /** How often a request that got no answer is sent again at once. */
  readonly retries?: number;
}

/** A client of Stripe's API by Stripe's own library. */
export function stripeClient(settings: StripeSettings): Stripe {
  const { secretKey, apiBase, timeoutMs = TIMEOUT_MS, retries = RETRIES } = settings;
  const { protocol, hostname, port } = new URL(apiBase);
  return new Stripe(secretKey, {
    host: hostname,
    protocol: protocol === 'http:' ? 'http' : 'https',
    ...(port && { port }),
    timeout: timeoutMs,
    maxNetworkRetries: retries,
    telemetry: false,
  });
}

/** Cards through Stripe's PaymentIntents: the browser makes a payment method or confirms with the client secret, the server decides. */
export function stripeProvider(settings: StripeSettings): PaymentProvider {
  const stripe = stripeClient(settings);
  const look = ({ reference }: ProviderPayment) => answered(stripe.paymentIntents.retrieve(reference));
  return {
    method: 'stripe',
    publishableKey: settings.publishableKey,
    accepts: (source) => source === null || /^pm_\w{1,200}$/.test(source),
    open: async ({ token, amountCents, currency }) => {
      const intent = {
        amount: amountCents,
        currency: currency.toLowerCase(),
        payment_method_types: ['card'],
        metadata: { payment: token },
      };
      const opened = stripe.paymentIntents.create(intent, { idempotencyKey: `open-${token}` });
      return (await opened.catch(unanswered)).id;
    },
    charge: ({ reference, token }, source) => {
      const confirmation = { payment_method: source, use_stripe_sdk: true };
      return answered(
        stripe.paymentIntents.confirm(reference, confirmation, { idempotencyKey: `confirm-${token}` }),
      );
    },
    look,
    cancel: async (payment) => {
      try {
        return outcomeOf(await stripe.paymentIntents.cancel(payment.reference));
      } catch (error) {
        // Paid or cancelled before: there is nothing to be ended, and the intent says which.
        if (error instanceof Stripe.errors.StripeInvalidRequestError) return look(payment);
        throw paymentUnavailable(error);
      }
    },
    refund: (payment, request) => refund(stripe, payment, request),
  };
}

async function answered(ask: Promise<Stripe.PaymentIntent>): Promise<PaymentOutcome> {
  try {
    return outcomeOf(await ask);
  } catch (error) {
    return declined(error);
  }
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
function declined(error: unknown): PaymentOutcome {
  const { StripeCardError, StripeInvalidRequestError } = Stripe.errors;
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
  { reference }: ProviderPayment,
  { token, amountCents, repeated }: RefundRequest,
): Promise<RefundOutcome> {
  try {
    // Stripe remembers idempotency keys for a day only; what it did, it remembers for ever.
    if (repeated && (await isRefunded(stripe, reference, token))) return { kind: 'done' };
    const asked = {
      payment_intent: reference,
      ...(amountCents !== null && { amount: amountCents }),
      metadata: { refund: token },
    };
    const { status } = await stripe.refunds.create(asked, { idempotencyKey: `refund-${token}` });
    return status === 'failed' || status === 'canceled'
      ? { kind: 'refused', reason: `refund_${status}` }
      : { kind: 'done' };
  } catch (error) {
    // All of it went back before: that is what was asked for.
    if (amountCents === null && error instanceof Stripe.errors.StripeError && error.code === ALL_BACK)
      return { kind: 'done' };
    if (error instanceof Stripe.errors.StripeInvalidRequestError)
      return { kind: 'refused', reason: reasonOf({ code: error.code ?? 'refund_refused' }) };
    throw paymentUnavailable(error);
  }
}

async function isRefunded(stripe: Stripe, reference: string, token: string): Promise<boolean> {
  const { data } = await stripe.refunds.list({ payment_intent: reference, limit: REFUNDS_MAX });
  return data.some(({ metadata, status }) => metadata?.['refund'] === token && status !== 'failed');
}

function unanswered(error: unknown): never {
  throw paymentUnavailable(error);
}
