import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cents } from '#core/values/money.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { browsing, PHONE, see } from '../support/browser.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line } from '../support/orders.ts';
import { addToCart, choose, fillContact, press } from '../support/people.ts';
import { draft, stock, variant } from '../support/shelf.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());
const { open } = browsing(() => app.visitor.origin);

const REFUSED = /status of 409/;
const CUT_OFF = /ERR_FAILED/;

/** Puts a bun on the café's shelf, or changes its price. */
async function sellBunFor(priceCents: number): Promise<void> {
  const { tenant } = shops.cafe;
  const bun = draft('bun', { name: 'Bun', variants: [variant({ priceCents: cents(priceCents) })] });
  await stock(app.database.tenant(tenant), bun);
}

/** Stands at the checkout with a bun for 3.00 in the cart and everything filled in. */
async function atCheckout(page: Page): Promise<void> {
  await sellBunFor(300);
  await addToCart(page, '/s/cafe/p/bun');
  await page.goto('/s/cafe/checkout');
  await fillContact(page);
  await see(page.getByRole('button', { name: 'Place order $3.00' }));
}

async function orderCount(): Promise<number> {
  const [row] = await app.admin<{ count: number }[]>`SELECT count(*)::int FROM orders`;
  return row?.count ?? 0;
}

async function seeOrderPlaced(page: Page): Promise<void> {
  await page.waitForURL(/\/o\/[\w-]{20,}$/);
  await see(page.getByRole('heading', { name: 'We have your order' }));
}

describe('checkout', () => {
  it('tells of a new price, and places the order when that is confirmed', async () => {
    const page = await open({ ...PHONE, expected: REFUSED });
    const before = await orderCount();
    await atCheckout(page);
    await sellBunFor(350);

    await press(page, /^Place order/);
    await see(page.getByText('The total has changed from $3.00 to $3.50. Nothing was ordered yet.'));
    expect(await orderCount()).toBe(before);
    await press(page, /^Order at the new price \$3.50/);
    await seeOrderPlaced(page);
    expect(await orderCount()).toBe(before + 1);
  });

  it('says at the line what has sold out meanwhile', async () => {
    const page = await open({ ...PHONE, expected: REFUSED });
    const { cafe } = shops;
    await addToCart(page, `/s/cafe/p/cafe-tee`, (product) => choose(product, 'Size', 'L'));
    await page.goto('/s/cafe/checkout');
    await fillContact(page);
    await see(page.getByRole('button', { name: 'Place order $35.00' }));
    const allOfThem = [line(cafe.products.tee, { variant: 'L', quantity: 10 })];
    expectStatus(201, await checkOut(app.visitor, cafe, checkoutOf(cafe, 'pickup', { items: allOfThem })));
    const before = await orderCount();

    await press(page, /^Place order/);
    const line1 = page.getByRole('listitem').filter({ hasText: 'Alder tee' });
    await see(
      line1.getByText('Sold out. Remove it to go on.'),
      page.getByText('The cart needs a change: see the items.'),
    );
    await page.getByRole('link', { name: 'Change the cart' }).click();
    await see(line1.getByText('Sold out. Remove it to go on.'));
    expect(await orderCount()).toBe(before);
  });

  it('places one order when the button is pressed twice', async () => {
    const page = await open(PHONE);
    const before = await orderCount();
    await atCheckout(page);

    await page.getByRole('button', { name: /^Place order/ }).dblclick();
    await seeOrderPlaced(page);
    expect(await orderCount()).toBe(before + 1);
  });

  it('places one order when the connection breaks after it was sent', async () => {
    const page = await open({ ...PHONE, expected: CUT_OFF });
    const before = await orderCount();
    await atCheckout(page);
    let sent = 0;
    await page.route('**/api/v1/stores/cafe/checkout', async (route) => {
      sent += 1;
      if (sent > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });

    await press(page, /^Place order/);
    await seeOrderPlaced(page);
    expect(sent).toBe(2);
    expect(await orderCount()).toBe(before + 1);
  });

  it('finds the order again when the page was left before the answer came', async () => {
    const page = await open({ ...PHONE, expected: CUT_OFF });
    const before = await orderCount();
    await atCheckout(page);
    await page.route('**/api/v1/stores/cafe/checkout', (route) => route.abort(), { times: 1 });

    await press(page, /^Place order/);
    await see(page.getByText('Trying again, your order is sent only once'));
    await page.reload();
    await seeOrderPlaced(page);
    expect(await orderCount()).toBe(before + 1);
  });
});
