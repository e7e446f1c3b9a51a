import { afterAll, beforeAll, expect, it } from 'vitest';
import { productBySlug } from '#app/catalog/product-queries.ts';
import { decideOrder } from '#app/checkout/decide-order.ts';
import { placeOrder } from '#app/checkout/place-order.ts';
import { writeOrder } from '#app/checkout/write-order.ts';
import { findOrCreateCustomer } from '#app/customers/find-or-create-customer.ts';
import { lockCustomer } from '#app/customers/lock-customer.ts';
import { adjustPoints } from '#app/loyalty/adjust-points.ts';
import { saveProgramme } from '#app/loyalty/save-programme.ts';
import type { NewOrder } from '#app/checkout/insert-order.ts';
import { savePromotion } from '#app/promotions/save-promotion.ts';
import { storeConfig } from '#app/stores/store-queries.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock } from '../support/shelf.ts';
import { ACT, openShop, type TestShop } from '../support/shop.ts';

const PROGRAMME = {
  points_per_currency_unit: 1,
  threshold: 100,
  reward: { kind: 'fixed', amount_cents: 200 },
  active: true,
  version: 0,
} as const;

let test: TestDatabase;
let shop: TestShop;
beforeAll(async () => {
  test = await testDatabase();
  shop = await openShop(test.database);
  await stock(shop.db, draft('cup'));
  await shop.db.write(async (tx) => {
    await saveProgramme(tx, PROGRAMME, ACT);
    const terms = { code: 'ONCE', kind: 'percentage', percent: 10, uses_per_customer_max: 1 } as const;
    await savePromotion(tx, { terms, changed: null, act: ACT });
  });
});
afterAll(() => test.close());

let made = 0;

async function customer(points: number): Promise<CustomerId> {
  const contact = { firstName: 'Noor', lastName: '', email: `noor-${++made}@example.com`, mobile: null };
  return shop.db.write(async (tx) => {
    const id = await findOrCreateCustomer(tx, contact);
    await adjustPoints(tx, { customerId: id, delta: points, note: 'Welcome', act: ACT });
    return id;
  });
}

/** A checkout of one cup under a new key, by a customer who is signed in. */
async function checkoutBy(signedIn: CustomerId) {
  const [store, product] = await shop.db.read(async (tx) => [
    await storeConfig(tx),
    await productBySlug(tx, { slug: 'cup', currency: 'AUD' }),
  ]);
  const checkout = {
    fulfilment_type: 'pickup' as const,
    contact: { first_name: 'Noor', email: 'noor@example.com' },
    items: [{ variant_id: product?.variants[0]?.id ?? '', quantity: 1 }],
    promotion_code: 'once',
    redeem_points: true,
  };
  const key = { route: 'checkout', principal: 'noor', key: `kept-promises-${++made}`, fingerprint: 'one' };
  return { store, checkout, key, signedIn, requestId: null, now: new Date() };
}

/** What a payment in two steps keeps between them. */
async function decided(signedIn: CustomerId): Promise<NewOrder> {
  const input = await checkoutBy(signedIn);
  const decision = await shop.db.write((tx) => decideOrder(tx, input));
  if (!decision.first) throw new Error('expected an order under a new key');
  return decision.order;
}

const write = (order: NewOrder) =>
  shop.db.write(async (tx) => {
    await lockCustomer(tx, order.customerId);
    return writeOrder(tx, order, []);
  });

async function orders(customerId: CustomerId): Promise<number> {
  const [row] = await test.admin<{ count: number }[]>`
    SELECT count(*)::int FROM orders WHERE customer_id = ${customerId}`;
  return row?.count ?? 0;
}

it('a code that each customer may use once is used once, by two orders one after the other and at once', async () => {
  const noor = await customer(1000);
  const inputs = [await checkoutBy(noor), await checkoutBy(noor), await checkoutBy(noor)];
  const outcomes = await Promise.allSettled(
    inputs.map((input) => shop.db.write((tx) => placeOrder(tx, input))),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const again = await checkoutBy(noor);
  await expect(shop.db.write((tx) => placeOrder(tx, again))).rejects.toMatchObject({
    code: 'PROMOTION_CODE_LIMIT_REACHED',
  });
  expect(await orders(noor)).toBe(1);
});

it('of two orders that wait for their payment with the only use of a code, one is written', async () => {
  const noor = await customer(1000);
  const waiting = [await decided(noor), await decided(noor)];
  const outcomes = await Promise.allSettled(waiting.map(write));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'PROMOTION_CODE_LIMIT_REACHED' },
  });
  expect(await orders(noor)).toBe(1);
});

it('an order that waits for its payment is not written with points that are gone by then', async () => {
  const noor = await customer(100);
  const waiting = await decided(noor);
  await shop.db.write((tx) => adjustPoints(tx, { customerId: noor, delta: -1, note: 'Mistake', act: ACT }));
  await expect(write(waiting)).rejects.toMatchObject({ code: 'LOYALTY_POINTS_TOO_FEW' });
  expect(await orders(noor)).toBe(0);
});
