import type { Stripe } from 'stripe';
import { Type } from 'typebox';
import type { Database } from '#core/db/database.ts';
import { refusal } from '../errors.ts';
import type { PaymentProviders } from '../payments/payment-provider.ts';
import { paymentPlace } from '../payments/payment-queries.ts';
import { stripeClient, type StripeSettings } from '../payments/stripe-provider.ts';
import { route } from '../route.ts';
import { settlePayment } from './settle-payment.ts';

/** What a message must tell of to be acted on; all others are only acknowledged. */
const TOLD: ReadonlySet<string> = new Set(['payment_intent.succeeded', 'payment_intent.canceled']);

export interface StripeWebhook {
  readonly database: Database;
  readonly providers: PaymentProviders;
  readonly stripe: StripeSettings | null;
}

/**
 * Where Stripe tells that something happened to a payment. A message is no more than a hint, signed: what happened is asked of Stripe itself,
 * so that one that comes twice, late or out of order does nothing wrong.
 */
export const stripeWebhookRoutes = ({ database, providers, stripe }: StripeWebhook) => [
  route({
    method: 'POST',
    path: '/webhooks/stripe',
    audience: 'anyone',
    ability: 'payment.report',
    summary: 'Messages of Stripe about payments',
    rawBody: true,
    answers: { 200: Type.Object({ received: Type.Boolean() }) },
    errors: ['WEBHOOK_SIGNATURE_INVALID'],
    handle: async ({ request }) => {
      const { type, data } = signedMessage(stripe, request.rawBody, request.headers['stripe-signature']);
      const token = TOLD.has(type) ? tokenOf(data.object) : null;
      const place = token && (await paymentPlace(database, token));
      if (place)
        await settlePayment(database.tenant(place.tenant), {
          providers,
          id: place.id,
          requestId: request.id,
        });
      return { received: true };
    },
  }),
];

function signedMessage(
  stripe: StripeSettings | null,
  body: Buffer | undefined,
  signature: string | string[] | undefined,
): Stripe.Event {
  if (!stripe) throw refusal('NOT_FOUND', 'There is nothing at this address.');
  try {
    return stripeClient(stripe).webhooks.constructEvent(body ?? '', signature ?? '', stripe.webhookSecret);
  } catch {
    throw refusal(
      'WEBHOOK_SIGNATURE_INVALID',
      'Expected a message that Stripe has signed within five minutes.',
    );
  }
}

function tokenOf(object: object): string | null {
  const metadata = 'metadata' in object ? (object.metadata as Stripe.Metadata | null) : null;
  return metadata?.['payment'] ?? null;
}
