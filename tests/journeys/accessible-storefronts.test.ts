import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { bringAxe, faults, SCREENS, WALK_MAX_MS } from '../support/axe.ts';
import { browsing, see } from '../support/browser.ts';
import { demoApp, placeAt } from '../support/demo-app.ts';
import { press } from '../support/people.ts';

/** One store of each theme, and a product of each with things to choose. */
const STORES = [
  ['classic', 'juniper-row', 'flat-white'],
  ['modern', 'slow-lantern', 'lantern-house-espresso'],
  ['minimal', 'hollin-and-scree', 'scree-rain-jacket'],
] as const;

let app: TestApp;
beforeAll(async () => {
  app = await demoApp();
});
afterAll(() => app.close());
const { open } = browsing(() => app.visitor.origin);

describe.each(STORES)('the storefront in the %s theme', (_, store, product) => {
  it.each(SCREENS)(
    'is accessible on %s, page by page',
    async (_screen, visit) => {
      const page = await open({ ...visit, expected: /status of 404/ });
      await bringAxe(page);
      const found: string[] = [];
      const check = async (name: string) => found.push(...(await faults(page, name)));

      await page.goto(`/s/${store}`);
      await check('home');
      await page.getByRole('navigation', { name: 'Categories' }).getByRole('link').first().click();
      await page.waitForURL(/\/c\//);
      await check('category');
      await page.goto(`/s/${store}/search?q=co`);
      await check('search');
      await page.goto(`/s/${store}/search?q=nothing-like-it`);
      await check('search without results');
      await page.goto(`/s/${store}/cart`);
      await check('empty cart');
      await addWithChoices(page, `/s/${store}/p/${product}`);
      await check('product');
      await page.goto(`/s/${store}/cart`);
      await see(page.getByRole('link', { name: 'Go to checkout' }));
      await check('cart');
      await page.goto(`/s/${store}/checkout`);
      await press(page, /^Place order/);
      await see(page.getByRole('heading', { name: /things need a change/ }));
      await check('checkout with errors');
      await page.goto(`/o/${await placeAt(app, store)}`);
      await see(page.getByText('Live: this page changes by itself.'));
      await check('tracking');
      await page.goto(`/s/${store}/account/password?token=over`);
      await check('a link that is over');
      await page.goto(`/s/${store}/p/nothing-here`);
      await check('not found');

      expect(found).toEqual([]);
    },
    WALK_MAX_MS,
  );
});

/** Tries to add the product as it is, for the errors, then with the first choice of each group that is required. */
async function addWithChoices(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await press(page, /^Add to cart/);
  for (const group of await page.locator('fieldset[data-group]').all()) {
    const isWrong = await group.locator('[data-error]').isVisible();
    if (isWrong) await group.getByRole('radio').first().check();
  }
  await press(page, /^Add to cart/);
  await see(page.getByText('Added to your cart.'));
}
