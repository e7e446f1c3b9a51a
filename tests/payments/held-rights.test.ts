import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentStepView } from '#app/checkout/checkout-schemas.ts';
import { cardDesk } from '../support/card-desk.ts';
import { register } from '../support/customers.ts';
import { holdOrderNumbers, waiting } from '../support/held-lock.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { expectStatus, move } from '../support/orders.ts';
import { openPaidShop, PM, type PaidShop } from '../support/paid-shop.ts';
import { wrongBooks } from '../support/payments.ts';
import { signIn } from '../support/sign-in.ts';

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

const { pay, confirm, settle, stepOf, finish, late, giveUp } = cardDesk(() => shop);

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
