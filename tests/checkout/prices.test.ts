import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line } from '../support/orders.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());
beforeEach(() => setTeePrice(3500));

const setTeePrice = (cents: number) =>
  app.admin`UPDATE variants SET price_cents = ${cents} WHERE title = 'M' AND merchant_id = ${shops.cafe.tenant.merchantId}`;

/** What an order leaves behind, counted. */
async function traces() {
  const [row] = await app.admin`
    SELECT (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM customers) AS customers,
      (SELECT count(*)::int FROM audit_log WHERE entity = 'order') AS audit, (SELECT count(*)::int FROM idempotency_keys) AS keys,
      (SELECT count(*)::int FROM stock_ledger WHERE reason = 'order_placed') AS ledger,
      (SELECT count(*)::int FROM domain_events WHERE type = 'OrderCreated') AS events,
      (SELECT coalesce(sum(last_number), 0)::int FROM order_counters) AS numbers`;
  return row;
}

interface Price {
  readonly totals: { readonly total_cents: number };
}

/** The cart of a checkout that ships, priced. */
async function priced(items = checkoutOf(shops.cafe, 'shipping').items) {
  const answer = await app.visitor.post<Price>(`/api/v1/stores/${shops.cafe.slug}/cart/price`, {
    items,
    shipping: { country: 'au', state: 'vic', postcode: '30 00', method_id: shops.cafe.methods.standard },
  });
  return expectStatus(200, answer);
}

describe('a price that changed between cart and checkout', () => {
  it('is refused with the new quote, and leaves nothing behind', async () => {
    const { totals } = await priced();
    expect(totals.total_cents).toBe(3500 + 900);
    await setTeePrice(3700);
    const before = await traces();

    const checkout = checkoutOf(shops.cafe, 'shipping', { expected_total_cents: totals.total_cents });
    const answer = await checkOut(app.visitor, shops.cafe, checkout);
    expect(answer).toMatchObject({ status: 409, body: { code: 'PRICE_CHANGED' } });
    expect(answer.body['quote']).toEqual(await priced());
    expect(answer.body['quote']).toMatchObject({ totals: { total_cents: 3700 + 900 } });
    expect(await traces()).toEqual(before);
  });

  it('is refused when it fell, too', async () => {
    await setTeePrice(3300);
    const checkout = checkoutOf(shops.cafe, 'shipping', { expected_total_cents: 4400 });
    expect(await checkOut(app.visitor, shops.cafe, checkout)).toMatchObject({
      status: 409,
      body: { code: 'PRICE_CHANGED', quote: { totals: { total_cents: 4200 } } },
    });
  });

  it('is accepted once the new total is expected', async () => {
    await setTeePrice(3700);
    const checkout = checkoutOf(shops.cafe, 'shipping', { expected_total_cents: 4600 });
    expect(expectStatus(201, await checkOut(app.visitor, shops.cafe, checkout)).total_cents).toBe(4600);
  });
});

describe('the server’s own figures', () => {
  it('count whatever total the client expects, when it expects none', async () => {
    for (const expected_total_cents of [undefined, null]) {
      const checkout = { ...checkoutOf(shops.cafe, 'shipping'), expected_total_cents };
      expect(expectStatus(201, await checkOut(app.visitor, shops.cafe, checkout)).total_cents).toBe(4400);
    }
  });

  it('never make a unit cheaper than nothing', async () => {
    await app.admin`UPDATE variants SET price_cents = 10 WHERE title = '' AND product_id IN (SELECT id FROM products WHERE slug = 'cafe-latte')`;
    const items = [line(shops.cafe.products.latte, { quantity: 2, choices: { Whole: 1, 'Own cup': 1 } })];
    const price = await app.visitor.post(`/api/v1/stores/${shops.cafe.slug}/cart/price`, { items });
    expect(price.body).toMatchObject({
      items: [{ unit_cents: 0, total_cents: 0 }],
      totals: { total_cents: 0 },
    });
    const placed = await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { items }));
    expect(expectStatus(201, placed).total_cents).toBe(0);
  });

  it.each([
    ['one line', [2]],
    ['two lines', [1, 1]],
    ['the largest quantity', [999]],
  ])('refuse a total beyond all amounts, of %s', async (_, quantities) => {
    const before = await traces();
    const items = quantities.map((quantity) => line(shops.cafe.products.gold, { quantity }));
    const answers = [
      await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { items })),
      await app.visitor.post('/api/v1/stores/cafe/cart/price', { items }),
    ];
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 422, body: { code: 'AMOUNT_TOO_LARGE' } });
    expect(await traces()).toEqual(before);
  });

  it('take the dearest thing there is, once', async () => {
    const items = [line(shops.cafe.products.gold)];
    const placed = await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { items }));
    expect(expectStatus(201, placed).total_cents).toBe(1_000_000_000);
  });

  it('refuse shipping that would take the total beyond all amounts', async () => {
    await app.admin`UPDATE products SET shippable = true WHERE slug = 'cafe-gold'`;
    const checkout = checkoutOf(shops.cafe, 'shipping', { items: [line(shops.cafe.products.gold)] });
    const answer = await checkOut(app.visitor, shops.cafe, checkout);
    expect(answer).toMatchObject({ status: 422, body: { code: 'AMOUNT_TOO_LARGE' } });
  });
});
