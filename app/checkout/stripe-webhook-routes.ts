import type { FastifyRequest } from 'fastify';
import type { Stripe } from 'stripe';
import { Type } from 'typebox';
import type { Database } from '#core/db/database.ts';
import { refusal } from '../errors.ts';
import type { PaymentProviders } from '../payments/payment-provider.ts';
import { paymentPlace } from '../payments/payment-queries.ts';
import { merchantOfWebhook, stripeAccount, webhookSecretOf } from '../payments/stripe-account-queries.ts';
import { stripeLibrary } from '../payments/stripe-client.ts';
import { adoptRefunds } from '../refunds/adopt-refunds.ts';
import { route } from '../route.ts';
import { settlePayment } from './settle-payment.ts';

const REFUNDED = 'charge.refunded';
/** What a message must tell of to be acted on; all others are only acknowledged. */
const TOLD: ReadonlySet<string> = new Set(['payment_intent.succeeded', 'payment_intent.canceled', REFUNDED]);
const TOKEN_LENGTH = 22;

export interface StripeWebhook {
  readonly database: Database;
  readonly providers: PaymentProviders;
  /** The server's own, which sealed the merchants' secrets. */
  readonly secret: string;
}

/**
 * Where Stripe tells a merchant that something happened to a payment. A message is no more than a hint, signed with that merchant's secret:
 * what happened is asked of Stripe itself, so that one that comes twice, late or out of order does nothing wrong.
 */
export const stripeWebhookRoutes = ({ database, providers, secret }: StripeWebhook) => [
  route({
    method: 'POST',
    path: '/webhooks/stripe/:token',
    audience: 'anyone',
    ability: 'payment.report',
    summary: 'Messages of Stripe about payments of the merchant who gave it this address',
    params: Type.Object({ token: Type.String({ minLength: TOKEN_LENGTH, maxLength: TOKEN_LENGTH }) }),
    rawBody: true,
    answers: { 200: Type.Object({ received: Type.Boolean() }) },
    errors: ['NOT_FOUND', 'WEBHOOK_SIGNATURE_INVALID', 'PAYMENT_UNAVAILABLE', 'PAYMENT_METHOD_UNAVAILABLE'],
    handle: async ({ params, request }) => {
      const merchantId = await merchantOfWebhook(database, params.token);
      const account =
        merchantId && (await database.tenant({ merchantId, storeId: null }).read(stripeAccount));
      if (!account) throw refusal('NOT_FOUND', 'There is nothing at this address.');
      const event = await signedEvent(request, webhookSecretOf(account, secret));
      const place = await placeOf(database, event);
      // One merchant's Stripe has nothing to say about another's payments.
      if (place?.tenant.merchantId !== account.merchant_id) return { received: true };
      const db = database.tenant(place.tenant);
      const asked = { providers, id: place.id, requestId: request.id };
      await settlePayment(db, asked);
      if (event.type === REFUNDED) await adoptRefunds(db, asked);
      return { received: true };
    },
  }),
];

async function signedEvent(
  { rawBody, headers }: FastifyRequest,
  webhookSecret: string | null,
): Promise<Stripe.Event> {
  if (webhookSecret === null) throw unsigned();
  const { webhooks } = await stripeLibrary();
  try {
    return webhooks.constructEvent(rawBody ?? '', headers['stripe-signature'] ?? '', webhookSecret);
  } catch {
    throw unsigned();
  }
}

function unsigned() {
  return refusal(
    'WEBHOOK_SIGNATURE_INVALID',
    'Expected a message that Stripe has signed within five minutes.',
  );
}

/** Which payment it is about: Stripe gives back what an intent, and the charge made for it, were noted with. */
async function placeOf(database: Database, { type, data }: Stripe.Event) {
  const { object } = data;
  const metadata = 'metadata' in object ? (object.metadata as Stripe.Metadata | null) : null;
  const token = TOLD.has(type) ? metadata?.['payment'] : null;
  return token ? paymentPlace(database, token) : null;
}
