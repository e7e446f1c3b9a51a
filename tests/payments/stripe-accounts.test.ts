import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KEY_SCOPES } from '#app/staff/abilities.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants, type TestStore } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';
import { connectStripe, endHolds, wrongBooks } from '../support/payments.ts';
import { signIn } from '../support/sign-in.ts';
import { startStripeStandIn, type StripeAccount, type StripeStandIn } from '../support/stripe-stand-in.ts';

const STRIPE = '/dashboard/payments/stripe';
const PRICE_CENTS = 450;

let stripe: StripeStandIn;
let app: TestApp;
let shops: TestMerchants;
let owner: HttpClient;
let otherOwner: HttpClient;
/** The accounts of merchant A and of merchant B, and where Stripe tells of them. */
let ours: StripeAccount;
let theirs: StripeAccount;
let [webhook, theirWebhook] = ['', ''];
beforeAll(async () => {
  stripe = await startStripeStandIn();
  app = await testApp({ stripe: stripe.api, testPayments: false, publicUrl: 'https://shop.example' });
  shops = await openMerchants(app);
  owner = await signIn(app.visitor, 'owner', shops.cafe);
  otherOwner = await signIn(app.visitor, 'other-owner');
});
beforeEach(async () => {
  await forgetAccounts();
  ours = stripe.openAccount();
  theirs = stripe.openAccount();
  webhook = await connectStripe(app, shops.cafe.tenant, ours);
  theirWebhook = await connectStripe(app, shops.other.tenant, theirs);
});
afterEach(async () => {
  expect(await wrongBooks(app)).toEqual([]);
});
afterAll(async () => {
  await app.close();
  await stripe.close();
});

const forgetAccounts = () => app.admin`DELETE FROM stripe_accounts`;

const keysOf = ({ publishableKey, secretKeys, webhookSecret }: StripeAccount) => ({
  version: 0,
  publishable_key: publishableKey,
  secret_key: secretKeys.at(-1),
  webhook_secret: webhookSecret,
});

const present = async (by = owner) => expectStatus(200, await by.get(`${STRIPE}.json`));

/** Changes what is connected, as someone who looks at it now. */
async function change(changes: Json): Promise<Awaited<ReturnType<HttpClient['put']>>> {
  const { version, publishable_key } = await present();
  return owner.put(STRIPE, { version, publishable_key, ...changes });
}

const pay = (source: string, { store = shops.cafe, key = randomUUID() as string } = {}) =>
  checkOut(app.visitor, store, checkoutOf(store, 'pickup', { payment: { method: 'stripe', source } }), key);

const confirm = (paymentId: unknown) =>
  app.visitor.send(`/api/v1/stores/cafe/payments/${String(paymentId)}/confirmation`, { method: 'POST' });

const methodsOf = async ({ slug }: TestStore) => {
  const { data } = (await app.visitor.get<{ data: Json[] }>(`/api/v1/stores/${slug}/payment-methods`)).body;
  return data.filter(({ method }) => method === 'stripe').map(({ publishable_key: key }) => key);
};

const refund = (publicId: string) =>
  owner.post(
    `/dashboard/orders/${publicId}/refunds`,
    { reason: 'Cold' },
    { 'idempotency-key': randomUUID() },
  );

const UNAVAILABLE = { status: 422, body: { code: 'PAYMENT_METHOD_UNAVAILABLE' } };
const OPEN = { status: 409, body: { code: 'STRIPE_PAYMENTS_OPEN' } };

describe('an account that is connected', () => {
  it('is tried, sealed, and told of only as far as people need it', async () => {
    await forgetAccounts();
    const account = stripe.openAccount();
    const keys = keysOf(account);
    const answer = await owner.put(STRIPE, keys);
    expect(expectStatus(200, answer)).toEqual({
      version: 1,
      active: true,
      usable: true,
      account_id: account.id,
      livemode: false,
      publishable_key: account.publishableKey,
      secret_key_last4: keys.secret_key?.slice(-4),
      webhook_secret_last4: keys.webhook_secret.slice(-4),
      webhook_url: expect.stringMatching(/^https:\/\/shop\.example\/webhooks\/stripe\/[\w-]{22}$/),
      connected_at: expect.any(String),
    });
    const read = await owner.get(`${STRIPE}.json`);
    const stored = await app.admin<{ row: string }[]>`
      SELECT row_to_json(s)::text || encode(sealed_key, 'escape') || encode(sealed_webhook_secret, 'escape') AS row FROM stripe_accounts s
      UNION ALL SELECT row_to_json(a)::text FROM audit_log a WHERE action LIKE 'stripe.%'`;
    const everywhere = [answer.text, read.text, ...stored.map(({ row }) => row)].join('\n');
    for (const secret of [keys.secret_key, keys.webhook_secret]) expect(everywhere).not.toContain(secret);
    const [noted] = await app.admin<{ after: Json }[]>`
      SELECT after FROM audit_log WHERE action = 'stripe.connected' ORDER BY id DESC LIMIT 1`;
    expect(noted?.after).toMatchObject({ account: account.id, key_last4: keys.secret_key?.slice(-4) });
  });

  it('takes the money of its merchant’s orders, and of no other’s', async () => {
    const placed = expectStatus(201, await pay('pm_card_visa'));
    expectStatus(201, await pay('pm_card_visa', { store: shops.other }));
    expect([ours.books.kept(), theirs.books.kept()]).toEqual([PRICE_CENTS, PRICE_CENTS]);
    expectStatus(201, await refund(placed.public_id));
    expect([ours.books.kept(), theirs.books.kept()]).toEqual([0, PRICE_CENTS]);
  });

  it('is offered by its merchant’s stores, with the key for the browser', async () => {
    expect(await methodsOf(shops.roastery)).toEqual([ours.publishableKey]);
    expect(await methodsOf(shops.other)).toEqual([theirs.publishableKey]);
    await forgetAccounts();
    expect(await methodsOf(shops.cafe)).toEqual([]);
    expect(await pay('pm_card_visa')).toMatchObject(UNAVAILABLE);
  });

  it('cannot be opened with what was sealed for another merchant', async () => {
    await app.admin`
      UPDATE stripe_accounts SET sealed_key = (SELECT sealed_key FROM stripe_accounts WHERE merchant_id = ${shops.cafe.tenant.merchantId})`;
    expect(await present(otherOwner)).toMatchObject({ usable: false });
    expect(await methodsOf(shops.other)).toEqual([]);
    expect(await pay('pm_card_visa', { store: shops.other })).toMatchObject(UNAVAILABLE);
  });

  it('is for owners: neither managers, nor staff, nor keys, nor another merchant’s owner', async () => {
    const barista = await signIn(app.visitor, 'barista');
    const manager = await signIn(app.visitor, 'manager');
    const scopes = { name: 'All', store_id: shops.cafe.id, scopes: KEY_SCOPES };
    const { secret } = expectStatus(201, await owner.post<{ secret: string }>('/dashboard/api-keys', scopes));
    const program = app.visitor.with({ authorization: `Bearer ${secret}` });
    for (const by of [barista, manager, program]) {
      const answers = [
        await by.get(`${STRIPE}.json`),
        await by.delete(STRIPE),
        await by.put(STRIPE, keysOf(theirs)),
      ];
      for (const { status } of answers) expect(status).toBe(403);
    }
    expect(await present(otherOwner)).toMatchObject({ account_id: theirs.id });
    expectStatus(204, await otherOwner.delete(STRIPE));
    expect(await present()).toMatchObject({ account_id: ours.id });
  });
});

describe('keys', () => {
  it('that Stripe does not know are refused, and change nothing', async () => {
    const before = await present();
    const refused = await change({ secret_key: 'sk_test_unknown' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'STRIPE_KEY_REFUSED' } });
    expect(refused.text).not.toContain('sk_test_unknown');
    stripe.trouble(/account$/, 'busy');
    const unheard = await change({ secret_key: ours.secretKeys[0] });
    expect(unheard).toMatchObject({ status: 503, body: { code: 'STRIPE_UNREACHABLE' } });
    expect(await present()).toEqual(before);
  });

  it.each([
    ['of different sides', { publishable_key: 'pk_live_x' }, 'publishable_key'],
    ['in each other’s places', { secret_key: 'pk_test_x' }, 'secret_key'],
    ['that sign nothing', { webhook_secret: 'sk_test_x' }, 'webhook_secret'],
    ['under another name', { key: 'sk_test_x' }, 'key'],
  ])('%s are refused by their field', async (_, changes, field) => {
    const refused = await change(changes);
    expect(refused).toMatchObject({ status: 422, body: { errors: { [field]: expect.anything() } } });
  });

  it('are missing where the first has none', async () => {
    await forgetAccounts();
    const { secret_key: _, ...rest } = keysOf(ours);
    expect(await owner.put(STRIPE, rest)).toMatchObject({
      status: 422,
      body: { errors: { secret_key: [expect.any(String)] } },
    });
  });

  it('of two owners at once are one’s, and the other is told', async () => {
    await forgetAccounts();
    for (const version of [0, 1]) {
      const keys = { ...keysOf(ours), version };
      const answers = await Promise.all([owner.put(STRIPE, keys), owner.put(STRIPE, keys)]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    }
  });

  it('are exchanged for new ones of the same account without a payment noticing', async () => {
    const placed = expectStatus(201, await pay('pm_card_visa'));
    const step = expectStatus(202, await pay('pm_card_authenticationRequired'));
    ours.secretKeys.splice(0, 1, 'rk_test_new_one');
    expectStatus(200, await change({ secret_key: 'rk_test_new_one' }));
    ours.books.finishStep(ours.books.intents.at(-1)!);
    expectStatus(201, await confirm(step['payment_id']));
    expectStatus(201, await refund(placed.public_id));
    expect(ours.books.kept()).toBe(PRICE_CENTS);
  });
});

describe('an account that is to go', () => {
  it('stays while it is awaited; switched off, it begins nothing and ends what was begun', async () => {
    const key = randomUUID();
    const step = expectStatus(202, await pay('pm_card_authenticationRequired', { key }));
    expect(await owner.delete(STRIPE)).toMatchObject(OPEN);
    expect(await change(keysButVersion(stripe.openAccount()))).toMatchObject(OPEN);
    expect(expectStatus(200, await change({ active: false }))).toMatchObject({ active: false });
    expect(await methodsOf(shops.cafe)).toEqual([]);
    expect(await pay('pm_card_visa')).toMatchObject(UNAVAILABLE);
    ours.books.finishStep(ours.books.intents.at(-1)!);
    const placed = expectStatus(201, await confirm(step['payment_id']));
    expectStatus(204, await owner.delete(STRIPE));
    expect(await owner.get(`${STRIPE}.json`)).toMatchObject({
      status: 404,
      body: { code: 'STRIPE_NOT_CONNECTED' },
    });
    const again = await pay('pm_card_authenticationRequired', { key });
    expect(expectStatus(201, again).public_id).toBe(placed['public_id']);
    expect((await app.visitor.send(webhook, { method: 'POST', body: '{}' })).status).toBe(404);
  });

  it('does not stay for what Stripe has not answered for most of a day', async () => {
    expectStatus(202, await pay('pm_card_authenticationRequired'));
    await app.admin`UPDATE payments SET attempts = 24 WHERE state = 'pending'`;
    expectStatus(204, await owner.delete(STRIPE));
    await app.admin`UPDATE directory_payments SET due_at = NULL`;
    await endHolds(app);
  });

  it('leaves its refunds to its owner’s hand, also when another takes its place', async () => {
    const { public_id: id } = expectStatus(201, await pay('pm_card_visa'));
    const disconnected = { status: 409, body: { code: 'REFUND_REFUSED', reason: 'account_disconnected' } };
    const next = stripe.openAccount();
    expectStatus(200, await change(keysButVersion(next)));
    expect(await refund(id)).toMatchObject(disconnected);
    expectStatus(204, await owner.delete(STRIPE));
    expect(await refund(id)).toMatchObject(disconnected);
    await connectStripe(app, shops.cafe.tenant, ours);
    expectStatus(201, await refund(id));
    expect([ours.books.kept(), next.books.refunds.length]).toEqual([0, 0]);
  });

  it('takes its webhook’s secret with it', async () => {
    const { webhook_secret: _, ...keys } = keysButVersion(stripe.openAccount());
    expect(expectStatus(200, await change(keys))).toMatchObject({ webhook_secret_last4: null });
    const intent = { id: 'pi_x', metadata: { payment: 'x'.repeat(22) } };
    for (const secret of [ours.webhookSecret, ''])
      expect(await tell(webhook, stripe.message('payment_intent.succeeded', intent, secret))).toMatchObject({
        status: 400,
      });
  });
});

const keysButVersion = (account: StripeAccount) => {
  const { version: _, ...keys } = keysOf(account);
  return keys;
};

const tell = (address: string, { body, headers }: ReturnType<StripeStandIn['message']>) =>
  app.visitor.send(address, { method: 'POST', body, headers });

describe('a message of Stripe', () => {
  it('is taken at its merchant’s address with its merchant’s signature only', async () => {
    const step = expectStatus(202, await pay('pm_card_authenticationRequired'));
    const [intent] = ours.books.intents;
    ours.books.finishStep(intent!);
    const asked = stripe.asked.length;
    const by = (secret: string) => stripe.message('payment_intent.succeeded', intent!, secret);
    const [mine, another] = [ours.webhookSecret, theirs.webhookSecret];
    expect(await tell(webhook, by(another))).toMatchObject({ status: 400 });
    expect(await tell(theirWebhook, by(mine))).toMatchObject({ status: 400 });
    expect(await tell(`/webhooks/stripe/${'x'.repeat(22)}`, by(mine))).toMatchObject({ status: 404 });
    // Signed by the other merchant, at their own address, about a payment that is none of theirs.
    expectStatus(200, await tell(theirWebhook, by(another)));
    expect(stripe.asked).toHaveLength(asked);
    expectStatus(200, await tell(webhook, by(mine)));
    expect(stripe.asked.length).toBeGreaterThan(asked);
    expectStatus(201, await confirm(step['payment_id']));
  });
});
