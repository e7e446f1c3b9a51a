import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { browsing, PHONE, see } from '../support/browser.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';
import { draft, stock } from '../support/shelf.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  const bread = draft('rye', { name: 'Rye', category: { slug: 'bread', name: 'Bread' } });
  await stock(app.database.tenant(shops.cafe.tenant), bread);
});
afterAll(() => app.close());
const { open } = browsing(() => app.visitor.origin);

const WITHOUT_SCRIPT = { ...PHONE, javaScriptEnabled: false };

it('lets customers browse without JavaScript, and says that ordering needs it', async () => {
  const page = await open(WITHOUT_SCRIPT);
  await page.goto('/s/cafe');
  await page.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name: 'Bread' }).click();
  await page.getByRole('link', { name: 'Rye' }).click();
  await see(page.getByRole('heading', { name: 'Rye' }));
  const notice = page.locator('noscript');
  await see(notice);
  expect(await notice.innerText()).toBe('To order, switch on JavaScript in your browser, or call us.');
  expect(await page.getByRole('button', { name: /^Add to cart/ }).isDisabled()).toBe(true);

  await page.goto('/s/cafe/search');
  await page.getByRole('main').getByRole('searchbox').fill('tee');
  await page.keyboard.press('Enter');
  await see(page.getByRole('link', { name: 'Alder tee' }));
});

it('shows where an order is without JavaScript', async () => {
  const { cafe } = shops;
  const { public_id: publicId } = expectStatus(201, await checkOut(app.visitor, cafe, checkoutOf(cafe)));
  const page = await open(WITHOUT_SCRIPT);
  await page.goto(`/o/${publicId}`);
  await see(page.getByRole('heading', { name: 'We have your order' }));
});
