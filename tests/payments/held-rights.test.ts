import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Checkout, PaymentStepView } from '#app/checkout/checkout-schemas.ts';
import { paymentProviders } from '#app/payments/payment-providers.ts';
import { register } from '../support/customers.ts';
import { holdOrderNumbers, waiting } from '../support/held-lock.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { checkOut, checkoutOf, expectStatus, line, move } from '../support/orders.ts';
import { openPaidShop, PM, type PaidShop } from '../support/paid-shop.ts';
import { endHolds, settleAll, wrongBooks } from '../support/payments.ts';
import { signIn } from '../support/sign-in.ts';
import { stockDesk } from '../support/stock-desk.ts';

let shop: PaidShop;
let stripe: PaidShop['stripe'];
let app: PaidShop['app'];
let shops: PaidShop['shops'];
let manager: PaidShop['manager'];
beforeAll(async () => {
  shop = await openPaidShop();
  ({ stripe, app, shops, manager } = shop);
});
afterAll(() => shop.close());
afterEach(async () => {
  expect(await wrongBooks(app)).toEqual([]);
});

/** Begins to pay for ten lattes of 4.50. They are not counted, so no shelf empties under what is tried here. */
function pay(source: string | null, changes: Partial<Checkout>, client = app.visitor) {
  const items = [line(shops.cafe.products.latte, { choices: { Whole: 1 }, quantity: 10 })];
  const payment = { method: 'stripe', source } as const;
  return checkOut(client, shops.cafe, checkoutOf(shops.cafe, 'pickup', { items, payment, ...changes }));
}

const confirm = (paymentId: string) =>
  app.visitor.send(`/api/v1/stores/cafe/payments/${paymentId}/confirmation`, { method: 'POST' });

const settle = () =>
  settleAll(app, {
    database: app.database,
    providers: paymentProviders({ testPayments: false, stripe: stripe.api, secret: app.secret }),
  });

const stepOf = async (answer: ReturnType<typeof pay>) =>
  expectStatus(202, await answer) as unknown as PaymentStepView;

/** The customer takes the second step at their bank. */
function finish({ payment_id }: Pick<PaymentStepView, 'payment_id'>): void {
  const intent = stripe.books.intents.find(({ metadata }) => metadata['payment'] === payment_id);
  if (!intent) throw new Error('expected an intent of this payment');
  stripe.books.finishStep(intent);
}

/** Begins to pay; the hold is given up, and nobody at Stripe could end the payment. */
async function late(changes: Partial<Checkout>, client = app.visitor): Promise<PaymentStepView> {
  const step = await stepOf(pay(PM.step, changes, client));
  await giveUp(step);
  return step;
}

async function giveUp({ payment_id }: PaymentStepView): Promise<void> {
  stripe.trouble(/cancel$/, 'busy');
  await endHolds(app);
  await confirm(payment_id);
}

let codes = 0;
/** A new code of ten percent that may be used once, but for the changes. */
async function onceOnly(changes: Json = {}): Promise<string> {
  const terms = { code: `ONCE-${++codes}`, kind: 'percentage', percent: 10, uses_max: 1, ...changes };
  expectStatus(201, await manager.post('/dashboard/promotions', terms));
  return terms.code;
}

const usesOf = async (code: string) => {
  const [row] = await app.admin<{ uses: number }[]>`SELECT uses FROM promotions WHERE code = ${code}`;
  return row?.uses;
};

const LIMIT_REACHED = { status: 409, body: { code: 'PROMOTION_CODE_LIMIT_REACHED' } };
const RETURNED = { status: 409, body: { code: 'PAYMENT_RETURNED' } };

describe('a code that may be used once', () => {
  it('is held for one of those who pay with it; the others are refused before they pay', async () => {
    const [promotion_code, kept] = [await onceOnly(), stripe.books.kept()];
    const answers = await Promise.all(Array.from({ length: 6 }, () => pay(PM.step, { promotion_code })));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    for (const answer of answers) if (answer.status !== 202) expect(answer).toMatchObject(LIMIT_REACHED);
    expect(await usesOf(promotion_code)).toBe(1);
    const step = answers.find(({ status }) => status === 202)?.body as unknown as PaymentStepView;
    finish(step);
    const placed = expectStatus(201, await confirm(step.payment_id));
    expect(placed).toMatchObject({ total_cents: 4050 });
    expect(stripe.books.kept()).toBe(kept + 4050);
    expect(await usesOf(promotion_code)).toBe(1);
    const order = { public_id: String(placed['public_id']), version: 1 };
    expectStatus(200, await move(manager, order, 'cancelled'));
    expect(await usesOf(promotion_code)).toBe(0);
  });

  it.each([
    ['is declined', PM.declined, 402, 0],
    ['is made at once', PM.pays, 201, 1],
  ])('is used by a payment that %s as often as it brings an order', async (_, source, status, uses) => {
    const promotion_code = await onceOnly();
    expect(await pay(source, { promotion_code })).toMatchObject({ status });
    expect(await usesOf(promotion_code)).toBe(uses);
  });

  it('is free when the hold ends, for whoever comes first: a late payment goes back', async () => {
    const [promotion_code, kept] = [await onceOnly(), stripe.books.kept()];
    const step = await late({ promotion_code });
    expect(await usesOf(promotion_code)).toBe(0);
    expectStatus(201, await pay(PM.pays, { promotion_code }));
    finish(step);
    await settle();
    expect(await confirm(step.payment_id)).toMatchObject(RETURNED);
    expect(stripe.books.kept()).toBe(kept + 4050);
  });

  it('is used by a late payment all the same while nobody else has used it', async () => {
    const promotion_code = await onceOnly();
    const step = await late({ promotion_code });
    finish(step);
    await settle();
    expect(expectStatus(201, await confirm(step.payment_id))).toMatchObject({ total_cents: 4050 });
    expect(await usesOf(promotion_code)).toBe(1);
  });

  it('by each customer is held by the customer’s payment too, and free for another of theirs when the hold ends', async () => {
    const promotion_code = await onceOnly({ uses_max: null, uses_per_customer_max: 1 });
    const client = await register(app, shops.cafe, { email: 'once@example.com' });
    const kept = stripe.books.kept();
    const answers = await Promise.all([1, 2, 3].map(() => pay(PM.step, { promotion_code }, client)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409]);
    const step = answers.find(({ status }) => status === 202)?.body as unknown as PaymentStepView;
    await giveUp(step);
    expectStatus(201, await pay(PM.pays, { promotion_code }, client));
    expect(await pay(PM.pays, { promotion_code }, client)).toMatchObject(LIMIT_REACHED);
    finish(step);
    await settle();
    expect(await confirm(step.payment_id)).toMatchObject(RETURNED);
    expect(stripe.books.kept()).toBe(kept + 4050);
    expect(await usesOf(promotion_code)).toBe(1);
  });

  it('by each customer is used by an order that was decided before their late payment came', async () => {
    const promotion_code = await onceOnly({ uses_max: null, uses_per_customer_max: 1 });
    const client = await register(app, shops.cafe, { email: 'twice@example.com' });
    const step = await late({ promotion_code }, client);
    finish(step);
    const numbers = await holdOrderNumbers(app.admin, shops.cafe.tenant.storeId);
    const buying = pay(null, { promotion_code, payment: { method: 'pay_at_pickup' } }, client);
    await numbers.waiter();
    const settling = settle();
    await waiting(app.admin, 2);
    await numbers.release();
    await settling;
    expectStatus(201, await buying);
    expect(await confirm(step.payment_id)).toMatchObject(RETURNED);
    expect(await usesOf(promotion_code)).toBe(1);
  });
});

/** A customer who has the points of one reward of 5.00. */
async function withReward(email: string): Promise<HttpClient> {
  const reward = { kind: 'fixed', amount_cents: 500 };
  const programme = { points_per_currency_unit: 0, threshold: 100, reward, active: true, version: 0 };
  const owner = await signIn(app.visitor, 'owner', shops.cafe);
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(programme);
  expectStatus(200, await owner.send('/dashboard/loyalty', { method: 'PUT', headers, body }));
  const client = await register(app, shops.cafe, { email });
  const [row] = await app.admin<
    { public_id: string }[]
  >`SELECT public_id FROM customers WHERE email = ${email}`;
  const path = `/dashboard/customers/${row?.public_id}/points`;
  expectStatus(201, await owner.post(path, { delta: 100, reason: 'Gift' }));
  return client;
}

describe('points that two payments are to spend', () => {
  it('are spent by the first that is made; the other goes back', async () => {
    const client = await withReward('points@example.com');
    const kept = stripe.books.kept();
    const begin = () => stepOf(pay(PM.step, { redeem_points: true }, client));
    const [first, second] = [await begin(), await begin()];
    for (const step of [first, second]) finish(step);
    expectStatus(201, await confirm(first.payment_id));
    expect(await confirm(second.payment_id)).toMatchObject(RETURNED);
    await settle();
    expect(stripe.books.kept()).toBe(kept + 4000);
  });
});

/** Where shirts of size M stand while ten of them are paid for: how many are on the shelf, and how they are sold. */
interface Shelf {
  readonly quantity?: number;
  readonly counted?: boolean;
  readonly backorder?: boolean;
}

describe('ten shirts that are paid for', () => {
  const desk = stockDesk(() => ({ app, store: shops.cafe, staff: manager }));

  async function set({ quantity, ...settings }: Shelf): Promise<void> {
    if (quantity !== undefined) expectStatus(201, await desk.adjust({ quantity }));
    expectStatus(200, await desk.settings(settings));
  }

  /** Pays in the end; answers what the customer is told. */
  async function paid(when: 'in time' | 'late', meanwhile: Shelf) {
    const items = [line(shops.cafe.products.tee, { variant: 'M', quantity: 10 })];
    const step = await (when === 'late' ? late({ items }) : stepOf(pay(PM.step, { items })));
    await set(meanwhile);
    finish(step);
    await settle();
    return confirm(step.payment_id);
  }

  it.each<[string, 'in time' | 'late', Shelf, Shelf, { backordered: number; left: number | null }]>([
    ['late, are sold where they still lie', 'late', {}, { quantity: 11 }, { backordered: 0, left: 1 }],
    [
      'late, are sold on backorder where the shop sells so',
      'late',
      { backorder: true },
      { quantity: 4 },
      { backordered: 6, left: 0 },
    ],
    [
      'late, are sold where nobody counts them any more',
      'late',
      {},
      { quantity: 4, counted: false },
      { backordered: 0, left: null },
    ],
    [
      'late, are taken from the shelf where they are counted by then',
      'late',
      { counted: false },
      { quantity: 12 },
      { backordered: 0, left: 2 },
    ],
    [
      'in time, are taken from the shelf where they are counted by then, and missing ones are owed',
      'in time',
      { counted: false },
      { quantity: 3 },
      { backordered: 7, left: 0 },
    ],
    [
      'in time, are owed as they were promised also when the shop no longer sells so',
      'in time',
      { quantity: 4, backorder: true },
      { backorder: false },
      { backordered: 6, left: 0 },
    ],
    [
      'in time, are taken from what has come in since',
      'in time',
      { quantity: 4, backorder: true },
      { quantity: 9 },
      { backordered: 0, left: 3 },
    ],
  ])('%s', async (_, when, before, meanwhile, { backordered, left }) => {
    await set({ quantity: 10, counted: true, backorder: false, ...before });
    const kept = stripe.books.kept();
    const placed = expectStatus(201, await paid(when, meanwhile));
    expect(stripe.books.kept()).toBe(kept + Number(placed['total_cents']));
    const order = await manager.get(`/dashboard/orders/${String(placed['public_id'])}.json`);
    expect(order.body).toMatchObject({ payment_status: 'paid', items: [{ quantity: 10, backordered }] });
    expect((await desk.read()).body.quantity).toBe(left);
  });

  it.each<[string, Shelf, Shelf]>([
    ['late, go back to those who wanted them where too few lie', {}, { quantity: 9 }],
    [
      'late, go back also where the shop no longer sells on backorder',
      { quantity: 4, backorder: true },
      { backorder: false },
    ],
    ['late, go back also where they were not counted then', { counted: false }, { quantity: 9 }],
  ])('%s', async (_, before, meanwhile) => {
    await set({ quantity: 10, counted: true, backorder: false, ...before });
    const kept = stripe.books.kept();
    const answer = await paid('late', meanwhile);
    expect(answer).toMatchObject(RETURNED);
    expect(answer.body['reason']).toBe('sold_out');
    expect(stripe.books.kept()).toBe(kept);
  });

  it('late, are not touched by a count that begins while their order is written: it waits', async () => {
    await set({ quantity: 10, counted: true, backorder: false });
    const step = await late({ items: [line(shops.cafe.products.tee, { variant: 'M', quantity: 10 })] });
    await set({ counted: false });
    finish(step);
    const numbers = await holdOrderNumbers(app.admin, shops.cafe.tenant.storeId);
    const settling = settle();
    await numbers.waiter();
    const counting = desk.settings({ counted: true });
    await waiting(app.admin, 2);
    await numbers.release();
    await settling;
    expectStatus(201, await confirm(step.payment_id));
    expect(expectStatus(200, await counting).quantity).toBe(10);
  });
});
