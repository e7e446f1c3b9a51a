import { Type } from 'typebox';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import {
  isLive,
  removeStripeAccount,
  saveStripeAccount,
  stripeNotConnected,
  type StripeAccountDraft,
} from './change-stripe-account.ts';
import { keyOf, stripeAccount, type StripeAccountRow } from './stripe-account-queries.ts';
import {
  StripeAccountChangeSchema,
  StripeAccountSchema,
  type StripeAccountChange,
  type StripeAccountView,
} from './stripe-account-view.ts';
import { accountBehind, type StripeApi } from './stripe-client.ts';

const MINUTE_MS = 60_000;
/** Each asks Stripe: nobody is to try keys out here. */
const CHANGES_PER_MINUTE_MAX = 10;

const forOwners = { audience: 'staff_without_store', ability: 'merchant.manage' } as const;

export interface StripeAccountNeeds {
  readonly api: StripeApi;
  /** The server's own, which seals the keys. */
  readonly secret: string;
  /** Scheme and host under which Stripe reaches the server. */
  readonly publicUrl: string;
}

/** The Stripe account that a merchant is paid into. */
export const stripeAccountRoutes = (needs: StripeAccountNeeds) => [
  route({
    ...forOwners,
    method: 'GET',
    path: '/dashboard/payments/stripe.json',
    summary: 'The merchant’s Stripe account',
    answers: { 200: StripeAccountSchema },
    errors: ['STRIPE_NOT_CONNECTED'],
    handle: async ({ db }) => {
      const account = await db.read(stripeAccount);
      if (!account) throw stripeNotConnected();
      return accountView(account, needs);
    },
  }),
  route({
    ...forOwners,
    method: 'PUT',
    path: '/dashboard/payments/stripe',
    summary:
      'Connects a Stripe account or changes its keys, which are tried first; they are never told again',
    body: StripeAccountChangeSchema,
    answers: { 200: StripeAccountSchema },
    limit: { max: CHANGES_PER_MINUTE_MAX, windowMs: MINUTE_MS },
    errors: ['STRIPE_KEY_REFUSED', 'STRIPE_UNREACHABLE', 'STRIPE_CHANGED', 'STRIPE_PAYMENTS_OPEN'],
    handle: async ({ db, actor, body, request }) => {
      refuseOtherSide(body, await db.read(stripeAccount));
      const draft = await triedOut(body, needs.api);
      const act = { actor, requestId: request.id, at: new Date() };
      const saved = await db.write((tx) => saveStripeAccount(tx, draft, { secret: needs.secret, act }));
      return accountView(saved, needs);
    },
  }),
  route({
    ...forOwners,
    method: 'DELETE',
    path: '/dashboard/payments/stripe',
    summary: 'Forgets the Stripe account; what was paid through it is refunded at Stripe from then on',
    answers: { 204: Type.Null() },
    errors: ['STRIPE_NOT_CONNECTED', 'STRIPE_PAYMENTS_OPEN'],
    handle: async ({ db, actor, request, reply }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      await db.write((tx) => removeStripeAccount(tx, act));
      return reply.code(204).send();
    },
  }),
];

/** Refuses two keys of different sides, live and test, and none at all. */
function refuseOtherSide(
  { secret_key: key, publishable_key }: StripeAccountChange,
  account: StripeAccountRow | null,
): void {
  if (!key && !account) throw invalid('secret_key', 'is required to connect an account');
  const livemode = key ? isLive(key) : account?.livemode;
  if (isLive(publishable_key) !== livemode)
    throw invalid('publishable_key', `must be a ${livemode ? 'live' : 'test'} key, as the secret key is`);
}

async function triedOut(body: StripeAccountChange, api: StripeApi): Promise<StripeAccountDraft> {
  const { secret_key: secret, webhook_secret: webhookSecret = null, active = null } = body;
  return {
    version: body.version,
    publishableKey: body.publishable_key,
    key: secret ? { secret, accountId: await accountBehind(secret, api) } : null,
    webhookSecret,
    active,
  };
}

function accountView(
  account: StripeAccountRow,
  { secret, publicUrl }: StripeAccountNeeds,
): StripeAccountView {
  return {
    version: account.version,
    active: account.active,
    usable: keyOf(account, secret) !== null,
    account_id: account.account,
    livemode: account.livemode,
    publishable_key: account.publishable_key,
    secret_key_last4: account.key_last4,
    webhook_secret_last4: account.webhook_secret_last4,
    webhook_url: `${publicUrl}/webhooks/stripe/${account.webhook_token}`,
    connected_at: account.connected_at.toISOString(),
  };
}

function invalid(field: string, message: string) {
  return refusal('VALIDATION_FAILED', `The account needs a change: ${field} ${message}.`, {
    errors: { [field]: [message] },
  });
}
