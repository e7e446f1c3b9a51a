import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { paymentProviders } from '#app/payments/payment-providers.ts';
import type { Json } from '../support/http-client.ts';
import { checkOut, checkoutOf, expectStatus, line, move, orderAt } from '../support/orders.ts';
import { openPaidShop, type PaidShop } from '../support/paid-shop.ts';
import { settleAll, wrongBooks } from '../support/payments.ts';
import { signIn } from '../support/sign-in.ts';
import { until } from '../support/deliveries.ts';

let shop: PaidShop;
let stripe: PaidShop['stripe'];
let app: PaidShop['app'];
let shops: PaidShop['shops'];
let manager: PaidShop['manager'];
let webhook: PaidShop['webhook'];
beforeAll(async () => {
  shop = await openPaidShop();
  ({ stripe, app, shops, manager, webhook } = shop);
});
afterAll(() => shop.close());
afterEach(async () => {
  expect(await wrongBooks(app)).toEqual([]);
});

const REASON = { reason: 'Arrived cold' };

/** Three shirts and two coffees by card: 3 × 35.00 + 2 × 4.50. */
async function paidOrder(method: 'stripe' | 'pay_at_pickup' = 'stripe'): Promise<string> {
  const { cafe } = shops;
  const { tee, latte } = cafe.products;
  const items = [
    line(tee, { variant: 'M', quantity: 3 }),
    line(latte, { quantity: 2, choices: { Whole: 1 } }),
  ];
  const payment = { method, source: method === 'stripe' ? 'pm_card_visa' : null };
  await app.admin`
    WITH added AS (UPDATE stock_levels SET quantity = quantity + 3 FROM variants WHERE variants.id = variant_id AND title = 'M'
      RETURNING stock_levels.merchant_id, store_id, variant_id)
    INSERT INTO stock_ledger (merchant_id, store_id, variant_id, delta, reason) SELECT *, 3, 'adjustment' FROM added`;
  const answer = await checkOut(app.visitor, cafe, checkoutOf(cafe, 'pickup', { items, payment }));
  return expectStatus(201, answer).public_id;
}

const refund = (id: string, body: Json, { by = manager, key = randomUUID() as string } = {}) =>
  by.post(`/dashboard/orders/${id}/refunds`, body, { 'idempotency-key': key });

const detailOf = async (id: string) => expectStatus(200, await manager.get(`/dashboard/orders/${id}.json`));

/** Whoever takes the order pays for it over the counter. */
async function handOver(publicId: string): Promise<void> {
  let order = { public_id: publicId, version: 1 };
  for (const step of ['accepted', 'in_progress', 'ready', 'completed'] as const)
    order = expectStatus(200, await move(manager, order, step));
}

const stockOfM = async () => {
  const [row] = await app.admin<{ quantity: number }[]>`
    SELECT quantity FROM stock_levels JOIN variants ON variants.id = variant_id
    WHERE title = 'M' AND store_id = ${shops.cafe.tenant.storeId}`;
  return row?.quantity ?? 0;
};

const settle = () =>
  settleAll(app, {
    database: app.database,
    providers: paymentProviders({ testPayments: false, stripe: stripe.api, secret: app.secret }),
  });

describe('a refund', () => {
  it('of lines gives back what they cost and puts them on the shelf, and stands in the order', async () => {
    const id = await paidOrder();
    const [kept, stock] = [stripe.books.kept(), await stockOfM()];
    const lines = [
      { position: 0, quantity: 2 },
      { position: 1, quantity: 1 },
    ];
    const given = expectStatus(201, await refund(id, { ...REASON, lines, restock: true }));
    expect(given).toMatchObject({ state: 'done', amount_cents: 7450, currency: 'AUD', restock: true, lines });
    expect(stripe.books.kept()).toBe(kept - 7450);
    expect(await stockOfM()).toBe(stock + 2);
    expect(await detailOf(id)).toMatchObject({
      payment_status: 'partly_refunded',
      refunded_cents: 7450,
      version: 2,
      refunds: [given],
      history: [expect.anything(), { action: 'order.refunded', by: 'manager of A' }],
    });
    expect(await app.visitor.get(`/api/v1/orders/${id}`)).toMatchObject({ body: { refunded_cents: 7450 } });
  });

  it('of an amount, then of all that is left, gives back the whole and no more', async () => {
    const id = await paidOrder();
    const kept = stripe.books.kept();
    expectStatus(201, await refund(id, { ...REASON, amount_cents: 1000 }));
    expect(expectStatus(201, await refund(id, REASON))).toMatchObject({ amount_cents: 10_400 });
    expect(await detailOf(id)).toMatchObject({ payment_status: 'refunded', refunded_cents: 11_400 });
    expect(stripe.books.kept()).toBe(kept - 11_400);
    const more = await refund(id, { ...REASON, amount_cents: 1 });
    expect(more).toMatchObject({ status: 409, body: { code: 'REFUND_TOO_LARGE', left_cents: 0 } });
  });

  it('of an order that is to be paid over the counter waits until it was', async () => {
    const id = await paidOrder('pay_at_pickup');
    expect(await refund(id, REASON)).toMatchObject({ status: 409, body: { code: 'ORDER_NOT_PAID' } });
    const cancelled = expectStatus(200, await move(manager, { public_id: id, version: 1 }, 'cancelled'));
    expect(await refund(id, REASON)).toMatchObject({ status: 409, body: { code: 'ORDER_NOT_PAID' } });
    expect(cancelled).toMatchObject({ payment_status: 'void', refunded_cents: 0 });
  });

  it('of what cost nothing, or of nothing that is left, is refused as that', async () => {
    const free = app.admin`id IN (SELECT variants.id FROM variants JOIN products ON products.id = product_id WHERE slug = 'cafe-latte')`;
    await app.admin`UPDATE variants SET price_cents = 0 WHERE ${free}`;
    const id = await paidOrder();
    await app.admin`UPDATE variants SET price_cents = 450 WHERE ${free}`;
    const nothing = { status: 409, code: 'NOTHING_TO_REFUND' };
    const lines = [{ position: 1, quantity: 2 }];
    const { body } = await refund(id, { ...REASON, lines, restock: true });
    expect(body).toMatchObject({ ...nothing, left_cents: 10_500 });
    expect(await detailOf(id)).toMatchObject({ version: 1, refunds: [] });
    expectStatus(201, await refund(id, { ...REASON, lines, amount_cents: 100 }));
    expectStatus(201, await refund(id, REASON));
    expect((await refund(id, REASON)).body).toMatchObject({ ...nothing, left_cents: 0 });
  });

  it('of money that was paid over the counter is noted', async () => {
    const id = await paidOrder('pay_at_pickup');
    await handOver(id);
    const asked = stripe.asked.length;
    const given = await refund(id, { ...REASON, lines: [{ position: 1, quantity: 2 }] });
    expect(expectStatus(201, given)).toMatchObject({ state: 'done', amount_cents: 900 });
    expect(stripe.asked).toHaveLength(asked);
  });

  it('is made once under its key, also by two at once', async () => {
    const id = await paidOrder();
    const [kept, key] = [stripe.books.kept(), randomUUID()];
    const body = { ...REASON, amount_cents: 500 };
    const answers = await Promise.all([1, 2, 3].map(() => refund(id, body, { key })));
    expect(new Set(answers.map((answer) => expectStatus(201, answer)['refund_id'])).size).toBe(1);
    expect(stripe.books.kept()).toBe(kept - 500);
    expect(await refund(id, { ...body, amount_cents: 600 }, { key })).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it('does not exceed what was paid when many ask at once', async () => {
    const id = await paidOrder();
    const kept = stripe.books.kept();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => refund(id, { ...REASON, amount_cents: 4000 })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 409, 409, 409, 409]);
    expect(stripe.books.kept()).toBe(kept - 8000);
  });

  it('whose answer is lost stays pending, counts, and is made once when it is looked at again', async () => {
    const id = await paidOrder();
    const kept = stripe.books.kept();
    stripe.trouble(/refunds$/, 'answer lost');
    const pending = expectStatus(202, await refund(id, { ...REASON, amount_cents: 11_400 }));
    expect(pending).toMatchObject({ state: 'pending', settled_at: null });
    expect(await refund(id, { ...REASON, amount_cents: 1 })).toMatchObject({ status: 409 });
    stripe.forgetKeys();
    await settle();
    expect(await detailOf(id)).toMatchObject({ refunds: [{ state: 'done' }] });
    expect(stripe.books.kept()).toBe(kept - 11_400);
  });

  it('that the provider refuses gives nothing back and can be asked for again', async () => {
    const id = await paidOrder();
    const intent = stripe.books.intents.at(-1);
    if (!intent) throw new Error('expected an intent');
    const taken = intent.amount_received;
    intent.amount_received = 100;
    const refused = await refund(id, { ...REASON, amount_cents: 500 });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'REFUND_REFUSED', reason: 'amount_too_large' },
    });
    expect(await detailOf(id)).toMatchObject({ payment_status: 'paid', refunded_cents: 0 });
    const boards = await app.admin`
      SELECT payload -> 'order' ->> 'payment_status' AS payment FROM stream_events WHERE type = 'RefundRefused' AND entity_id = ${id}`;
    expect(boards).toEqual([{ payment: 'paid' }]);
    const told = () =>
      app.admin`SELECT FROM notifications WHERE kind = 'refund_refused' AND body LIKE '%5.00 did not go back%'`;
    await until(async () => (await told()).length === 1, 'staff are told of the money that did not go back');
    intent.amount_received = taken;
    expectStatus(201, await refund(id, { ...REASON, amount_cents: 500 }));
  });

  it.each([
    ['a line that the order does not have', { lines: [{ position: 2, quantity: 1 }] }],
    ['more of a line than there is', { lines: [{ position: 0, quantity: 4 }] }],
    ['a line twice', { lines: [0, 0].map((position) => ({ position, quantity: 1 })) }],
    ['an unknown field', { amount: 5 }],
    ['nothing', { amount_cents: 0 }],
    ['no reason', { reason: ' ' }],
  ])('of %s is refused', async (_, body) => {
    const answer = await refund(await paidOrder(), { ...REASON, ...body });
    expect(answer).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
  });

  it('is for managers, at the store of the order', async () => {
    const id = await paidOrder();
    const owner = await signIn(app.visitor, 'owner', shops.roastery);
    const stranger = await signIn(app.visitor, 'other-owner');
    const barista = await signIn(app.visitor, 'barista');
    expect(await refund(id, REASON, { by: barista })).toMatchObject({ status: 403 });
    for (const by of [owner, stranger])
      expect(await refund(id, REASON, { by })).toMatchObject({
        status: 404,
        body: { code: 'ORDER_NOT_FOUND' },
      });
  });

  it('tells the board and the customer', async () => {
    const id = await paidOrder();
    expectStatus(201, await refund(id, { ...REASON, amount_cents: 700 }));
    const events = await app.admin<{ channel: string; payload: Json }[]>`
      SELECT channel, payload FROM stream_events WHERE type = 'OrderRefunded' AND entity_id = ${id} ORDER BY channel DESC`;
    expect(events).toMatchObject([
      {
        channel: `store.${shops.cafe.id}.orders`,
        payload: { refund_cents: 700, order: { refunded_cents: 700 } },
      },
      { channel: `customer.${id}.order`, payload: { refund_cents: 700, currency: 'AUD', version: 2 } },
    ]);
    expect(JSON.stringify(events[1])).not.toContain('customer_name');
  });
});

const tellOf = ({ body, headers }: ReturnType<PaidShop['stripe']['message']>) =>
  app.visitor.send(webhook, { method: 'POST', body, headers });

describe('a refund that was made in Stripe’s own dashboard', () => {
  it('is noted on the order once, however often Stripe tells of it, beside our own', async () => {
    const id = await paidOrder();
    const intent = stripe.books.intents.at(-1);
    if (!intent) throw new Error('expected an intent');
    const kept = stripe.books.kept();
    expectStatus(201, await refund(id, { ...REASON, amount_cents: 400 }));
    const charge = stripe.books.refundByHand(intent, 1000);
    const told = stripe.message('charge.refunded', charge);
    for (const { status } of await Promise.all([1, 2, 3].map(() => tellOf(told)))) expect(status).toBe(200);
    const ours = { amount_cents: 400, state: 'done' };
    const byHand = { amount_cents: 1000, state: 'done', lines: [], restock: false };
    expect(await detailOf(id)).toMatchObject({ refunded_cents: 1400, refunds: [ours, byHand] });
    expectStatus(201, await refund(id, REASON));
    expectStatus(200, await tellOf(told));
    expect((await detailOf(id))['refunds']).toHaveLength(3);
    expect(await detailOf(id)).toMatchObject({ payment_status: 'refunded', refunded_cents: 11_400 });
    expect(stripe.books.kept()).toBe(kept - 11_400);
  });

  it('is noted also when Stripe refuses one of ours for it', async () => {
    const id = await paidOrder();
    const intent = stripe.books.intents.at(-1);
    if (!intent) throw new Error('expected an intent');
    stripe.books.refundByHand(intent, 11_400);
    expect(await refund(id, REASON)).toMatchObject({ status: 409, body: { code: 'REFUND_REFUSED' } });
    expect(await detailOf(id)).toMatchObject({
      payment_status: 'refunded',
      refunds: [{ state: 'refused' }, { state: 'done', amount_cents: 11_400 }],
    });
  });
});

describe('a cancelled order', () => {
  it('that was paid by card is refunded, whole, but for what went back before', async () => {
    const id = await paidOrder();
    const [kept, stock] = [stripe.books.kept(), await stockOfM()];
    const lines = [{ position: 0, quantity: 1 }];
    expectStatus(201, await refund(id, { ...REASON, lines, restock: true }));
    const cancelled = expectStatus(200, await move(manager, { public_id: id, version: 2 }, 'cancelled'));
    expect(cancelled).toMatchObject({ payment_status: 'refunded' });
    await settle();
    expect(await detailOf(id)).toMatchObject({
      refunds: [{ amount_cents: 3500 }, { amount_cents: 7900, state: 'done', reason: 'Sold out' }],
    });
    expect(stripe.books.kept()).toBe(kept - 11_400);
    expect(await stockOfM()).toBe(stock + 3);
  });

  it('that nobody had paid has nothing to give back', async () => {
    const walk = { customer: app.visitor, staff: manager, store: shops.cafe, fulfilment: 'pickup' } as const;
    const { public_id: id } = await orderAt('cancelled', walk);
    expect(await detailOf(id)).toMatchObject({ payment_status: 'void', refunds: [] });
  });
});

describe('an order that is paid over the counter', () => {
  it('is due until it is handed over', async () => {
    const walk = { customer: app.visitor, staff: manager, store: shops.cafe, fulfilment: 'pickup' } as const;
    expect(await detailOf((await orderAt('ready', walk)).public_id)).toMatchObject({ payment_status: 'due' });
    expect(await orderAt('completed', walk)).toMatchObject({ payment_status: 'paid' });
  });
});
