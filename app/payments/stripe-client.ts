import type { Stripe } from 'stripe';
import { refusal } from '../errors.ts';

/** How long one request may take before it counts as unanswered. */
const TIMEOUT_MS = 8_000;
const RETRIES = 1;
/** How long someone is asked to wait before trying again, in seconds. */
const RETRY_AFTER_S = 5;

/** Where Stripe's API is, and how patient we are with it. */
export interface StripeApi {
  readonly base: string;
  readonly timeoutMs?: number;
  /** How often a request that got no answer is sent again at once. */
  readonly retries?: number;
}

/** Stripe's own library, loaded once someone needs it: most servers start without. */
export async function stripeLibrary(): Promise<typeof Stripe> {
  return (await import('stripe')).Stripe;
}

/** A client of Stripe's API with an account's secret key. */
export async function stripeClient(key: string, api: StripeApi): Promise<Stripe> {
  const { base, timeoutMs = TIMEOUT_MS, retries = RETRIES } = api;
  const { protocol, hostname, port } = new URL(base);
  const Library = await stripeLibrary();
  return new Library(key, {
    host: hostname,
    protocol: protocol === 'http:' ? 'http' : 'https',
    ...(port && { port }),
    timeout: timeoutMs,
    maxNetworkRetries: retries,
    telemetry: false,
  });
}

/** The account that a key opens. Refuses STRIPE_KEY_REFUSED, and STRIPE_UNREACHABLE without an answer. What Stripe says is not repeated: it may hold the key. */
export async function accountBehind(key: string, api: StripeApi): Promise<string> {
  const stripe = await stripeClient(key, api);
  try {
    return (await stripe.accounts.retrieveCurrent()).id;
  } catch (error) {
    const { StripeAuthenticationError, StripePermissionError } = stripe.errors;
    if (error instanceof StripeAuthenticationError) throw keyRefused('Stripe does not know this key.');
    if (error instanceof StripePermissionError) throw keyRefused('This key may not read its account.');
    throw refusal('STRIPE_UNREACHABLE', 'Stripe gave no answer about this key.', {
      retry_after: RETRY_AFTER_S,
    });
  }
}

function keyRefused(message: string) {
  return refusal('STRIPE_KEY_REFUSED', message, { errors: { secret_key: ['is refused by Stripe'] } });
}
