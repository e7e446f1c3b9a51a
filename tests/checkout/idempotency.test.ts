import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import type { Checkout } from '#app/checkout/checkout-schemas.ts';
import { checkOut, checkoutOf, expectStatus, line, move } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const TWINS = 20;

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());

async function ordersOf(email: string): Promise<number> {
  return (await app.admin`SELECT FROM orders WHERE email = ${email}`).length;
}

const checkoutBy = (email: string, changes = {}) =>
  checkoutOf(shops.cafe, 'shipping', { contact: { first_name: 'Kim', email }, ...changes });

describe('the same key and request', () => {
  it(`make one order when ${TWINS} come at once, and all are told of it alike`, async () => {
    const [checkout, key] = [checkoutBy('twins@example.com'), randomUUID()];
    const answers = await Promise.all(
      Array.from({ length: TWINS }, () => checkOut(app.visitor, shops.cafe, checkout, key)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await ordersOf('twins@example.com')).toBe(1);
  });

  it('are told the same again later, also when the order has moved on and its price has changed', async () => {
    const [checkout, key] = [checkoutBy('later@example.com'), randomUUID()];
    const first = await checkOut(app.visitor, shops.cafe, checkout, key);
    const { public_id } = expectStatus(201, first);
    const manager = await signIn(app.visitor, 'manager');
    expectStatus(200, await move(manager, { public_id, version: 1 }, 'accepted'));
    await app.admin`UPDATE variants SET price_cents = price_cents + 100 WHERE title = 'M'`;

    const second = await checkOut(app.visitor, shops.cafe, checkout, key);
    expect(second).toMatchObject({ status: 201, text: first.text });
    expect(await ordersOf('later@example.com')).toBe(1);
    await app.admin`UPDATE variants SET price_cents = price_cents - 100 WHERE title = 'M'`;
  });

  it('are told the same again when the shelf is empty by now', async () => {
    const items = [line(shops.cafe.products.tee, { variant: 'S', quantity: 10 })];
    const [checkout, key] = [checkoutBy('empty@example.com', { items }), randomUUID()];
    const first = await checkOut(app.visitor, shops.cafe, checkout, key);
    expect(await checkOut(app.visitor, shops.cafe, checkout)).toMatchObject({ status: 409 });
    expect(await checkOut(app.visitor, shops.cafe, checkout, key)).toMatchObject({
      status: 201,
      text: first.text,
    });
  });

  it('are the same in another order of members', async () => {
    const [checkout, key] = [checkoutBy('order@example.com'), randomUUID()];
    const first = await checkOut(app.visitor, shops.cafe, checkout, key);
    const turned = Object.fromEntries(Object.entries(checkout).toReversed());
    expect(await checkOut(app.visitor, shops.cafe, turned, key)).toMatchObject({
      status: 201,
      text: first.text,
    });
  });

  it('make an order in each store', async () => {
    const [key, email] = [randomUUID(), 'both@example.com'];
    const contact = { first_name: 'Kim', email };
    for (const store of [shops.cafe, shops.roastery, shops.other]) {
      expectStatus(201, await checkOut(app.visitor, store, checkoutOf(store, 'pickup', { contact }), key));
    }
    expect(await ordersOf(email)).toBe(3);
  });
});

describe('a key', () => {
  it('of a refused request is free: nothing was made under it', async () => {
    const key = randomUUID();
    const refused = checkoutBy('free@example.com', { expected_total_cents: 1 });
    expect(await checkOut(app.visitor, shops.cafe, refused, key)).toMatchObject({ status: 409 });
    expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutBy('free@example.com'), key));
  });

  it.each<[string, string, (checkout: Checkout) => object]>([
    [
      'another quantity',
      'IDEMPOTENCY_KEY_REUSED',
      ({ items: [item] }) => ({ items: [{ ...item, quantity: 2 }] }),
    ],
    ['another note', 'IDEMPOTENCY_KEY_REUSED', () => ({ notes: 'Ring twice' })],
    ['no way to reach the customer', 'VALIDATION_FAILED', () => ({ contact: { first_name: 'Kim' } })],
    [
      'an id that no variant has',
      'ITEM_NOT_FOUND',
      () => ({ items: [{ variant_id: 'va_nothing', quantity: 1 }] }),
    ],
    [
      'a way of paying that does not fit',
      'PAYMENT_METHOD_UNAVAILABLE',
      () => ({ payment: { method: 'pay_at_pickup' } }),
    ],
  ])('is refused for a request with %s, and stays that of the first', async (_, code, changes) => {
    const [checkout, key] = [checkoutBy('reused@example.com'), randomUUID()];
    const first = await checkOut(app.visitor, shops.cafe, checkout, key);
    const answer = await checkOut(app.visitor, shops.cafe, { ...checkout, ...changes(checkout) }, key);
    expect(answer).toMatchObject({ status: 422, body: { code } });
    expect(await checkOut(app.visitor, shops.cafe, checkout, key)).toMatchObject({
      status: 201,
      text: first.text,
    });
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['of seven characters', '1234567'],
    ['of 256 characters', 'k'.repeat(256)],
  ])('that is %s is refused', async (_, key) => {
    const path = `/api/v1/stores/${shops.cafe.slug}/checkout`;
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const answer = await app.visitor.post(path, checkoutBy('nobody@example.com'), headers);
    expect(answer).toMatchObject({ status: 400, body: { code: 'IDEMPOTENCY_KEY_REQUIRED' } });
    expect(await ordersOf('nobody@example.com')).toBe(0);
  });
});
