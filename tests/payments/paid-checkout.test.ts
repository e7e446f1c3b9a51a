import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentStepView } from '#app/checkout/checkout-schemas.ts';
import type { PaymentProviders } from '#app/payments/payment-provider.ts';
import { paymentProviders } from '#app/payments/payment-providers.ts';
import { checkOut, checkoutOf, expectStatus, line } from '../support/orders.ts';
import { openPaidShop, PM, type PaidShop } from '../support/paid-shop.ts';
import { endHolds, settleAll, wrongBooks } from '../support/payments.ts';

const CARD = { pays: '4242 4242 4242 4242', declined: '4000000000000002', step: '4000002500003155' };
let shop: PaidShop;
let stripe: PaidShop['stripe'];
let app: PaidShop['app'];
let shops: PaidShop['shops'];
let manager: PaidShop['manager'];
let webhook: PaidShop['webhook'];
beforeAll(async () => {
  shop = await openPaidShop({ testPayments: true });
  ({ stripe, app, shops, manager, webhook } = shop);
});
afterAll(() => shop.close());
afterEach(async () => {
  expect(await wrongBooks(app)).toEqual([]);
});

type Method = 'test' | 'stripe';

function pay(
  method: Method,
  source: string | null,
  { size = 'M', quantity = 1, key = randomUUID() as string } = {},
) {
  const { cafe } = shops;
  const items = [line(cafe.products.tee, { variant: size, quantity })];
  return checkOut(app.visitor, cafe, checkoutOf(cafe, 'pickup', { items, payment: { method, source } }), key);
}

const confirm = (paymentId: string, store = shops.cafe) =>
  app.visitor.send(`/api/v1/stores/${store.slug}/payments/${paymentId}/confirmation`, { method: 'POST' });

const settle = () =>
  settleAll(app, {
    database: app.database,
    providers: paymentProviders({ testPayments: true, stripe: stripe.api, secret: app.secret }),
  });

const stockOf = async (size: string) => {
  const [row] = await app.admin<{ quantity: number }[]>`
    SELECT quantity FROM stock_levels JOIN variants ON variants.id = variant_id
    WHERE title = ${size} AND store_id = ${shops.cafe.tenant.storeId}`;
  return row?.quantity;
};

const orders = async () => (await app.admin`SELECT FROM orders`).count;

const intentOf = async (step: Pick<PaymentStepView, 'payment_id'>) => {
  const found = stripe.books.intents.find(({ metadata }) => metadata['payment'] === step.payment_id);
  if (!found) throw new Error('expected an intent of this payment');
  return found;
};

const stepOf = async (answer: ReturnType<typeof pay>) =>
  expectStatus(202, await answer) as unknown as PaymentStepView;

describe.each([
  ['test', CARD],
  ['stripe', PM],
] as const)('a card by %s', (method, sources) => {
  it('that pays brings an order about, paid, for which its goods were taken', async () => {
    const before = (await stockOf('M')) ?? 0;
    const placed = expectStatus(201, await pay(method, sources.pays, { quantity: 2 }));
    const detail = expectStatus(200, await manager.get(`/dashboard/orders/${placed.public_id}.json`));
    expect(detail).toMatchObject({ payment_method: method, payment_status: 'paid', refunded_cents: 0 });
    expect(await stockOf('M')).toBe(before - 2);
  });

  it('that is declined is refused, once and for all under its key, and takes nothing', async () => {
    const [before, count] = [await stockOf('M'), await orders()];
    const key = randomUUID();
    for (let nth = 0; nth < 2; nth++) {
      const answer = await pay(method, sources.declined, { key });
      expect(answer).toMatchObject({
        status: 402,
        body: { code: 'PAYMENT_DECLINED', decline_code: expect.any(String) },
      });
      expect(await stockOf('M')).toBe(before);
    }
    await settle();
    expect(await orders()).toBe(count);
  });

  it('that needs a second step is an order once the step was taken, however often it is asked for', async () => {
    const [before, key] = [(await stockOf('M')) ?? 0, randomUUID()];
    const step = await stepOf(pay(method, sources.step, { key }));
    expect(step).toMatchObject({
      total_cents: 3500,
      currency: 'AUD',
      next_action: { type: expect.any(String) },
    });
    expect(await stockOf('M')).toBe(before - 1);
    expect(await stepOf(pay(method, sources.step, { key }))).toEqual(step);
    if (method === 'stripe') stripe.books.finishStep(await intentOf(step));
    const answers = await Promise.all([1, 2, 3].map(() => confirm(step.payment_id)));
    const ids = answers.map((answer) => expectStatus(201, answer)['public_id']);
    expect(new Set(ids).size).toBe(1);
    expect(expectStatus(201, await pay(method, sources.step, { key })).public_id).toBe(ids[0]);
    expect(await stockOf('M')).toBe(before - 1);
  });

  it('that is sent twice at once under one key pays one order', async () => {
    const [key, count, kept] = [randomUUID(), await orders(), stripe.books.kept()];
    const answers = await Promise.all([1, 2, 3].map(() => pay(method, sources.pays, { key })));
    const ids = answers.flatMap(({ status, body }) => (status === 201 ? [body.public_id] : []));
    expect(new Set(ids).size).toBe(1);
    expect(await orders()).toBe(count + 1);
    if (method === 'stripe') expect(stripe.books.kept()).toBe(kept + 3500);
  });

  it('that nobody can know is refused before anything is held for it', async () => {
    const answer = await pay(method, 'pm-none');
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: { 'payment.source': [expect.any(String)] } },
    });
  });
});

describe('a card that was reported stolen', () => {
  it('is declined like any other to whoever holds it; the shop knows better', async () => {
    expect(await pay('stripe', 'pm_card_visa_chargeDeclinedStolenCard')).toMatchObject({
      status: 402,
      body: { decline_code: 'card_declined' },
    });
    expect(await app.admin`SELECT FROM payments WHERE failure = 'stolen_card'`).toHaveLength(1);
  });
});

describe('a payment that the browser makes itself', () => {
  it('is answered with its client secret, and is an order once it was made', async () => {
    const step = await stepOf(pay('stripe', null));
    const intent = await intentOf(step);
    expect(step).toMatchObject({ client_secret: intent.client_secret, next_action: null });
    expectStatus(202, await confirm(step.payment_id));
    stripe.books.finishStep(intent);
    expectStatus(201, await confirm(step.payment_id));
  });
});

describe('a payment of someone else', () => {
  it('is not there, at another store of the merchant as at another merchant', async () => {
    const step = await stepOf(pay('test', CARD.step));
    const answers = [];
    for (const store of [shops.roastery, shops.other]) answers.push(await confirm(step.payment_id, store));
    answers.push(await confirm('x'.repeat(22)));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 404, body: { code: 'PAYMENT_NOT_FOUND' } });
    expectStatus(201, await confirm(step.payment_id));
  });
});

/** As of a merchant who has disconnected all. */
const NONE: PaymentProviders = { offered: async () => [], of: async () => null };

describe('held goods', () => {
  it('are not for others, until the hold ends; then the payment can no longer be made', async () => {
    const step = await stepOf(pay('stripe', PM.step, { size: 'S', quantity: 10 }));
    expect(await pay('test', CARD.pays, { size: 'S' })).toMatchObject({
      status: 409,
      body: { code: 'OUT_OF_STOCK' },
    });
    await endHolds(app);
    await settle();
    expect(await stockOf('S')).toBe(10);
    expect(await intentOf(step)).toMatchObject({ status: 'canceled' });
    expect(await confirm(step.payment_id)).toMatchObject({ status: 409, body: { code: 'PAYMENT_EXPIRED' } });
  });

  it('go back on the shelf in time also when their provider is no longer offered', async () => {
    await stepOf(pay('stripe', PM.step, { size: 'S', quantity: 3 }));
    await endHolds(app);
    await settleAll(app, { database: app.database, providers: NONE });
    expect(await stockOf('S')).toBe(10);
  });

  it('are the customer’s after all when the payment came as the hold ended, and are still there', async () => {
    const step = await stepOf(pay('stripe', PM.step, { size: 'S', quantity: 10 }));
    stripe.books.finishStep(await intentOf(step));
    await endHolds(app);
    await settle();
    expectStatus(201, await confirm(step.payment_id));
    expect(await stockOf('S')).toBe(0);
  });

  it.each(['comes back', 'asks again under the same key'])(
    'are the customer’s when they paid in time and %s too late, before anyone else has looked',
    async (how) => {
      const [key, kept] = [randomUUID(), stripe.books.kept()];
      const payment = { method: 'stripe', source: PM.step } as const;
      const order = () =>
        checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { payment }), key);
      const step = await stepOf(order());
      stripe.books.finishStep(await intentOf(step));
      await endHolds(app);
      expectStatus(201, await (how === 'comes back' ? confirm(step.payment_id) : order()));
      expect(stripe.books.kept()).toBe(kept + step.total_cents);
    },
  );

  it('that others bought after the hold had ended give the late payment back, whole', async () => {
    const step = await stepOf(pay('stripe', PM.step, { size: 'L', quantity: 10 }));
    const kept = stripe.books.kept();
    stripe.trouble(/cancel$/, 'busy');
    await endHolds(app);
    await confirm(step.payment_id);
    expectStatus(201, await pay('test', CARD.pays, { size: 'L' }));
    stripe.books.finishStep(await intentOf(step));
    await settle();
    expect(await confirm(step.payment_id)).toMatchObject({ status: 409, body: { code: 'PAYMENT_RETURNED' } });
    expect(stripe.books.kept()).toBe(kept);
  });
});

const tell = ({ body, headers }: ReturnType<PaidShop['stripe']['message']>) =>
  app.visitor.send(webhook, { method: 'POST', body, headers });

describe('Stripe’s webhook', () => {
  it('brings the order of a customer who did not come back, once, however often and in whatever order it tells', async () => {
    const step = await stepOf(pay('stripe', PM.step, { size: 'L' }));
    const intent = await intentOf(step);
    const early = stripe.message('payment_intent.succeeded', intent);
    expectStatus(200, await tell(early));
    expectStatus(202, await confirm(step.payment_id));
    const count = await orders();
    stripe.books.finishStep(intent);
    const cancelled = stripe.message('payment_intent.canceled', { ...intent, status: 'canceled' });
    const told = [stripe.message('payment_intent.succeeded', intent), cancelled, early];
    for (const message of [...told, ...told]) expectStatus(200, await tell(message));
    expect(await orders()).toBe(count + 1);
    const [due] = await app.admin`
      SELECT FROM directory_payments d JOIN payments p ON p.id = payment_id WHERE token = ${step.payment_id} AND due_at IS NOT NULL`;
    expect(due).toBeUndefined();
  });

  it('is refused when it was signed by someone else, or changed', async () => {
    const step = await stepOf(pay('stripe', PM.step, { size: 'L' }));
    const intent = await intentOf(step);
    const forged = stripe.message('payment_intent.succeeded', intent, 'whsec_of_someone_else');
    const changed = {
      ...stripe.message('payment_intent.succeeded', intent),
      body: '{"type":"payment_intent.succeeded"}',
    };
    for (const message of [forged, changed, { ...changed, headers: { 'content-type': 'application/json' } }])
      expect(await tell(message)).toMatchObject({ status: 400, body: { code: 'WEBHOOK_SIGNATURE_INVALID' } });
    expectStatus(202, await confirm(step.payment_id));
  });

  it('cannot pass off another amount: what was paid goes back', async () => {
    const step = await stepOf(pay('stripe', PM.step, { size: 'L' }));
    const intent = await intentOf(step);
    const [kept, count] = [stripe.books.kept(), await orders()];
    intent.amount = 100;
    stripe.books.finishStep(intent);
    expectStatus(200, await tell(stripe.message('payment_intent.succeeded', intent)));
    expect(await confirm(step.payment_id)).toMatchObject({ status: 409, body: { code: 'PAYMENT_RETURNED' } });
    expect(await orders()).toBe(count);
    expect(stripe.books.kept()).toBe(kept);
  });

  it('is acknowledged for what is none of ours', async () => {
    const intent = { ...(await intentOf(await stepOf(pay('stripe', PM.step, { size: 'L' })))), metadata: {} };
    expectStatus(200, await tell(stripe.message('payment_intent.succeeded', intent)));
  });
});

describe('the ways to pay', () => {
  it('are told with what the browser needs for them', async () => {
    const { body } = await app.visitor.get('/api/v1/stores/cafe/payment-methods');
    const both = ['pickup', 'shipping'];
    expect(body['data']).toEqual([
      { method: 'pay_at_pickup', fulfilment_types: ['pickup'], publishable_key: null },
      { method: 'manual', fulfilment_types: both, publishable_key: null },
      { method: 'test', fulfilment_types: both, publishable_key: null },
      { method: 'stripe', fulfilment_types: both, publishable_key: 'pk_test_standin1' },
    ]);
  });
});
