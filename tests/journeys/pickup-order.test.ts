import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cents } from '#core/values/money.ts';
import { saveTaxRate } from '#app/taxes/save-tax-rate.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { browsing, PHONE, see, wayOf } from '../support/browser.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { card, choose, column, fillContact, press, standAtBoard } from '../support/people.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { ACT } from '../support/shop.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  const db = app.database.tenant(shops.cafe.tenant);
  await stock(db, FLAT_WHITE);
  const gst = { country: 'AU', name: 'GST', rate_millipercent: 10_000 };
  await db.write((tx) => saveTaxRate(tx, { id: null, fields: gst, act: ACT }));
});
afterAll(() => app.close());
const { open } = browsing(() => app.visitor.origin);

const choice = (name: string, priceDelta: number) => ({
  name,
  priceDeltaCents: cents(priceDelta),
  maxQuantity: 1,
});
/** 4.50 or 5.20, and oat milk for 0.60 more. */
const FLAT_WHITE = draft('flat-white', {
  name: 'Flat white',
  category: { slug: 'coffee', name: 'Coffee' },
  options: ['Size'],
  variants: [
    variant({ optionValues: ['Small'] }),
    variant({ optionValues: ['Large'], priceCents: cents(520) }),
  ],
  groups: [
    {
      name: 'Milk',
      minSelect: 1,
      maxSelect: 1,
      required: true,
      choices: [choice('Whole', 0), choice('Oat', 60)],
    },
  ],
});

it('goes from a phone to the board and back, step by step, and nobody reloads', async () => {
  const staff = await open();
  await standAtBoard(staff, 'barista');
  const staffWay = wayOf(staff);
  const customer = await open(PHONE);

  await chooseFlatWhite(customer);
  await checkOutForPickup(customer);
  const customerWay = wayOf(customer);
  await seeStep(customer, 'We have your order', 'Placed');
  await see(customer.getByText('Live: this page changes by itself.'));

  await see(column(staff, 'Pending').locator('.card-fresh'));
  await see(card(staff, '#1001').getByText('Robin V.'), card(staff, '#1001').getByText('Flat white'));
  for (const [verb, title, headline, step] of [
    ['Accept', 'Accepted', 'Your order is accepted', 'Accepted'],
    ['Start', 'In progress · Packing', 'Your order is being made', 'In progress'],
    ['Mark ready', 'Ready · Shipped', 'Ready to pick up', 'Ready'],
  ] as const) {
    await press(staff, `${verb} order #1001`);
    await see(column(staff, title).getByRole('button', { name: '#1001', exact: true }));
    await seeStep(customer, headline, step);
  }
  await press(staff, 'Hand over order #1001');
  await seeStep(customer, 'Picked up. Enjoy.', 'Picked up');
  await see(staff.getByRole('button', { name: 'Unfold Done, 1 orders' }));

  expect(staffWay).toEqual([]);
  expect(customerWay).toEqual([]);
});

async function chooseFlatWhite(page: Page): Promise<void> {
  await page.goto(`/s/${shops.cafe.slug}`);
  await page.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name: 'Coffee' }).click();
  await page.getByRole('link', { name: 'Flat white' }).click();
  await page.waitForURL(/\/p\/flat-white$/);
  await choose(page, 'Size', 'Large');
  await press(page, /^Add to cart/);
  await see(page.getByRole('group', { name: 'Milk' }).getByText('Choose one.'));
  expect(await page.getByText('Added to your cart.').isVisible()).toBe(false);
  await choose(page, 'Milk', 'Oat');
  await see(page.getByRole('button', { name: 'Add to cart $5.80' }));
  await press(page, /^Add to cart/);
  await see(page.getByText('Added to your cart.'));
  await page.getByRole('link', { name: 'View cart' }).click();
}

async function checkOutForPickup(page: Page): Promise<void> {
  await see(page.getByRole('heading', { name: 'Flat white' }), page.getByText('Large', { exact: true }));
  await page.getByRole('link', { name: 'Go to checkout' }).click();
  await fillContact(page);
  await page.getByText('Your order').click();
  await see(page.getByText('Includes tax'), page.getByText('$0.53'));
  await press(page, /^Place order/);
  await page.waitForURL(/\/o\/[\w-]{20,}$/);
}

async function seeStep(page: Page, headline: string, step: string): Promise<void> {
  await see(page.getByRole('heading', { name: headline }));
  const current = page.locator('[aria-current=step]');
  expect((await current.innerText()).trim()).toMatch(new RegExp(`^${step}`));
}
