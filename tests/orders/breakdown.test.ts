import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Price } from '#app/cart/cart-schemas.ts';
import type { OrderDetail, PublicOrder } from '#app/orders/order-view.ts';
import { createMailRenderer } from '#app/notifications/mail-renderer.ts';
import { sampleMails } from '#app/notifications/mail-samples.ts';
import { formatMoney } from '#core/values/format.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { register } from '../support/customers.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const LOCALE = 'en-AU';

let app: TestApp;
let shops: TestMerchants;
let owner: HttpClient;
let customer: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  owner = await signIn(app.visitor, 'owner', shops.cafe);
  customer = await register(app, shops.cafe, { email: 'ada@example.com' });
  await app.admin`UPDATE variants SET sale_cents = 2999 WHERE title = 'S' AND merchant_id = ${shops.cafe.tenant.merchantId}`;
  await app.admin`UPDATE customers SET loyalty_points = 1000 WHERE email = 'ada@example.com'`;
  const reward = { kind: 'percentage', percent: 7 };
  const programme = { points_per_currency_unit: 1, threshold: 100, reward, active: true, version: 0 };
  expectStatus(200, await owner.put('/dashboard/loyalty', programme));
  expectStatus(
    201,
    await owner.post('/dashboard/promotions', { code: 'LESS', kind: 'percentage', percent: 13 }),
  );
  for (const [name, rate_millipercent] of [
    ['State', 6625],
    ['County', 1375],
  ] as const)
    expectStatus(201, await owner.post('/dashboard/taxes/rates', { country: 'AU', name, rate_millipercent }));
});
afterAll(() => app.close());

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** Every cent of an order from its parts. */
function derived({ items, shipping, totals, discounts, taxes }: PublicOrder | OrderDetail) {
  const taxed = sum([...items.map((item) => item.tax_cents), shipping?.tax_cents ?? 0]);
  return {
    lines: items.map(({ unit_cents, quantity }) => unit_cents * quantity),
    items_cents: sum(items.map(({ total_cents }) => total_cents)),
    discount_cents: sum([...items.map((item) => item.discount_cents), shipping?.discount_cents ?? 0]),
    discounts: sum(discounts.map(({ amount_cents }) => amount_cents)),
    tax: taxed,
    taxes: sum(taxes.map(({ tax_cents }) => tax_cents)),
    total_cents: totals.items_cents + totals.shipping_cents - totals.discount_cents + totals.tax_cents,
  };
}

describe.each([
  ['within its prices', true],
  ['on top of its prices', false],
])('an order with a sale, choices, a code, points and two taxes %s', (_, prices_include_tax) => {
  it('is the sum of its parts, to the customer, to staff, as a row and as a mail', async () => {
    expectStatus(200, await owner.patch('/dashboard/taxes', { prices_include_tax }));
    const items = [
      line(shops.cafe.products.latte, { quantity: 3, choices: { Oat: 1, Shot: 2 } }),
      line(shops.cafe.products.tee, { variant: 'S' }),
    ];
    const wish = { items, promotion_code: 'less', redeem_points: true };
    const checkout = checkoutOf(shops.cafe, 'shipping', wish);
    const { country, state, postcode } = checkout.shipping_address as {
      country: string;
      state: string;
      postcode: string;
    };
    const shipping = { country, state, postcode, method_id: shops.cafe.methods.standard };
    const price = expectStatus(
      200,
      await customer.post<Price & Json>('/api/v1/stores/cafe/cart/price', { ...wish, shipping }),
    );
    const placed = expectStatus(201, await checkOut(customer, shops.cafe, checkout));
    const order = expectStatus(
      200,
      await customer.get<PublicOrder & Json>(`/api/v1/orders/${placed.public_id}`),
    );
    const detail = expectStatus(
      200,
      await owner.get<OrderDetail & Json>(`/dashboard/orders/${placed.public_id}.json`),
    );

    expect(order.items[0]).toMatchObject({ unit_cents: 450 + 60 + 2 * 80 });
    expect(order.items[1]).toMatchObject({ unit_cents: 2999 });
    expect(price.items[1]).toMatchObject({ base_unit_cents: 3500, unit_cents: 2999 });
    for (const told of [order, detail]) {
      const { totals } = told;
      expect(totals).toEqual(price.totals);
      expect(told.discounts).toEqual(price.discounts);
      expect(told.taxes).toEqual(price.taxes);
      expect(derived(told)).toEqual({
        lines: told.items.map(({ total_cents }) => total_cents),
        items_cents: totals.items_cents,
        discount_cents: totals.discount_cents,
        discounts: totals.discount_cents,
        tax: totals.tax_cents + totals.tax_included_cents,
        taxes: totals.tax_cents + totals.tax_included_cents,
        total_cents: totals.total_cents,
      });
      for (const { unit_cents, customizations } of told.items)
        expect(sum(customizations.map((each) => each.quantity * each.price_delta_cents))).toBeLessThan(
          unit_cents,
        );
    }

    const file = await owner.get('/dashboard/orders.csv');
    const rows = parse<Record<string, string>>(file.text, { columns: true, bom: true });
    const row = rows.find((each) => each['Order'] === order.order_number) ?? {};
    const cents = (column: string) => Math.round(Number(row[column]) * 100);
    expect(cents('Items total') + cents('Shipping') - cents('Discount') + cents('Tax')).toBe(cents('Total'));
    expect(cents('Total')).toBe(order.totals.total_cents);

    const folder = new URL('../../mails', import.meta.url).pathname;
    const sample = sampleMails.order_placed;
    const { text } = createMailRenderer({ folder }).render({
      ...sample,
      content: { ...sample.content, order },
    });
    const { totals, taxes } = order;
    const told = [
      ...order.items.map(({ total_cents }) => total_cents),
      totals.shipping_cents,
      -totals.discount_cents,
      ...taxes.map(({ tax_cents }) => tax_cents),
      totals.total_cents,
    ];
    for (const amount of told) expect(text).toContain(formatMoney(amount, totals.currency, LOCALE));
  });
});
