import { saveStripeAccount } from '#app/payments/change-stripe-account.ts';
import type { PaymentProviders } from '#app/payments/payment-provider.ts';
import { stripeAccount } from '#app/payments/stripe-account-queries.ts';
import { testProvider } from '#app/payments/test-provider.ts';
import type { Tenant } from '#core/db/tenant.ts';
import { reconcilePayments, type Reconciliation } from '#start/payment-reconciler.ts';
import { verify } from '#start/verify.ts';
import type { TestApp } from './app.ts';
import { ACT } from './shop.ts';
import type { StripeAccount } from './stripe-stand-in.ts';

/** Of a server that takes test cards and nothing else. */
export const TEST_CARDS: PaymentProviders = {
  offered: async () => [testProvider()],
  of: async () => testProvider(),
};

/** The number of a test card that asks its customer for a second step. */
export const SECOND_STEP = '4000002500003155';

/** Lets a merchant be paid into this account; answers where Stripe is to tell of it. */
export async function connectStripe(
  { database, secret }: Pick<TestApp, 'database' | 'secret'>,
  { merchantId }: Tenant,
  { id: accountId, secretKeys, publishableKey, webhookSecret }: StripeAccount,
): Promise<string> {
  const key = { secret: secretKeys.at(-1) ?? '', accountId };
  const { webhook_token: token } = await database.tenant({ merchantId, storeId: null }).write(async (tx) => {
    const version = (await stripeAccount(tx))?.version ?? 0;
    const draft = { version, publishableKey, key, webhookSecret, active: true };
    return saveStripeAccount(tx, draft, { secret, act: ACT });
  });
  return `/webhooks/stripe/${token}`;
}

/** Settles all that is due, and what becomes due by it, until nothing is: as the reconciler does in the course of time. */
export async function settleAll(
  { admin }: Pick<TestApp, 'admin'>,
  reconciliation: Omit<Reconciliation, 'log'>,
): Promise<void> {
  const log = { warn: () => undefined, error: () => undefined };
  for (let round = 0; round < ROUNDS_MAX; round++) {
    await admin`UPDATE directory_payments SET due_at = now() WHERE due_at IS NOT NULL`;
    await reconcilePayments({ ...reconciliation, log }, new Date(Date.now() + 1_000));
  }
}

/** As many steps as a payment can be away from its end. */
const ROUNDS_MAX = 3;

/** Lets the holds of all payments that wait end now. */
export async function endHolds({ admin }: Pick<TestApp, 'admin'>): Promise<void> {
  await admin`UPDATE payments SET hold_expires_at = now() WHERE state = 'pending'`;
}

/**
 * What is wrong in the books, a sentence each: whatever is kept ready equals its source, a code is used as often as it may be and held by no
 * payment that is over, and an order that a provider was to be paid for has its payment.
 */
export async function wrongBooks({
  admin,
  database,
}: Pick<TestApp, 'admin' | 'database'>): Promise<string[]> {
  const verdicts = await verify(database);
  const rows = await admin<{ wrong: string }[]>`
    SELECT 'payment ' || p.id || ' is ' || p.state || ' and holds a code' AS wrong
    FROM payments p JOIN promotion_redemptions r ON r.store_id = p.store_id AND r.payment_id = p.id
    WHERE p.state <> 'pending' AND r.order_id IS NULL AND r.released_at IS NULL
    UNION ALL
    SELECT 'code ' || code || ' counts ' || uses || ' uses of ' || uses_max FROM promotions WHERE uses > uses_max
    UNION ALL
    SELECT 'order ' || o.number || ' of ' || o.payment_method || ' has no payment' FROM orders o
    WHERE o.payment_method IN ('test', 'stripe') AND o.total_cents > 0 AND NOT EXISTS (SELECT FROM payments p WHERE p.order_id = o.id AND p.state = 'captured')`;
  return [
    ...verdicts.flatMap(({ check, first }) =>
      first.map(({ subject, kept, source }) => `${check}: ${subject} is kept as ${kept}, and is ${source}`),
    ),
    ...rows.map(({ wrong }) => wrong),
  ];
}
