import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProductList } from '#app/catalog/product-view.ts';
import { issueSetupLink } from '#app/stores/setup-link.ts';
import { hashPassword } from '#core/security/password.ts';
import { fillShop } from '#database/seeds/demo/fill-shop.ts';
import { demoMerchants } from '#database/seeds/demo/index.ts';
import { openDoors, openMerchant } from '#database/seeds/demo/open-merchant.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { browsing, DESKTOP, PHONE, see, type Visit } from '../support/browser.ts';
import { PASSWORD } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';
import { connection, press, signInAt } from '../support/people.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SCHEMES = ['light', 'dark'] as const;
const SCREENS: readonly [string, Visit][] = [
  ['a phone', PHONE],
  ['a desktop', DESKTOP],
];
/** One store of each theme, and a product of each with things to choose. */
const STORES = [
  ['classic', 'juniper-row', 'flat-white'],
  ['modern', 'slow-lantern', 'lantern-house-espresso'],
  ['minimal', 'hollin-and-scree', 'scree-rain-jacket'],
] as const;

/** Some forty pages are read by axe in each of these tests. */
const WALK_MAX_MS = 240_000;

let app: TestApp;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'storeflow-pages-'));
  app = await testApp({ dataDir });
  await openDemoShops();
});
afterAll(async () => {
  await app.close();
  await rm(dataDir, { recursive: true });
});
const { open } = browsing(() => app.visitor.origin);

/** The demo's shops with their pictures, before their first order. */
async function openDemoShops(): Promise<void> {
  const opening = { passwordHash: await hashPassword(PASSWORD), at: new Date() };
  for (const merchant of demoMerchants) {
    const { db, shops } = await openMerchant(app.database, merchant, opening);
    const filling = { history: [], mediaFolder: join(dataDir, 'media'), at: opening.at };
    for (const shop of shops) await fillShop(shop, filling);
    await db.write(openDoors);
  }
}

/** What axe finds wrong with the page as it is now, in light and in dark. */
async function faults(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
    for (const { id, nodes } of violations) {
      for (const { target, any, all, none } of nodes) {
        const why = [...any, ...all, ...none].map(({ message }) => message).join('; ');
        found.push(`${name}, ${colorScheme}: ${id} at ${target.join(' ')}: ${why}`);
      }
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

async function place(store: string): Promise<string> {
  const { data } = expectStatus(
    200,
    await app.visitor.get<ProductList>(`/api/v1/stores/${store}/products?limit=50`),
  );
  const product = data.find(
    ({ available, customization_groups: groups }) => available && groups.every(({ required }) => !required),
  );
  const variant = product?.variants.find(({ available }) => available);
  const order = {
    fulfilment_type: 'pickup',
    contact: { first_name: 'Robin', last_name: 'Vale', email: 'robin@example.com' },
    items: [{ variant_id: variant?.id, quantity: 2, customizations: [] }],
    notes: 'Please ring the bell',
  };
  const key = { 'idempotency-key': crypto.randomUUID() };
  const placed = await app.visitor.post<{ public_id: string }>(
    `/api/v1/stores/${store}/checkout`,
    order,
    key,
  );
  return expectStatus(201, placed).public_id;
}

describe.each(STORES)('the storefront in the %s theme', (_, store, product) => {
  it.each(SCREENS)(
    'is accessible on %s, page by page',
    async (_screen, visit) => {
      const page = await open({ ...visit, expected: /status of 404/ });
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
      await page.goto(`/o/${await place(store)}`);
      await see(page.getByText('Live: this page changes by itself.'));
      await check('tracking');
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

describe('the dashboard', () => {
  it.each(SCREENS)(
    'is accessible on %s, page by page',
    async (_, visit) => {
      const page = await open({ ...visit, expected: /status of (404|401|422)/ });
      const found: string[] = [];
      const check = async (name: string) => found.push(...(await faults(page, name)));

      await page.goto(`/setup/${await issueSetupLink(app.database)}`);
      await see(page.getByRole('heading', { name: 'Set up StoreFlow' }));
      await check('setup');
      await page.goto('/login');
      await press(page, 'Sign in');
      await see(page.getByText('Enter your password.'));
      await check('sign-in with errors');
      await signInAt(page, 'marguerite');
      await page.waitForURL('**/dashboard/stores');
      await see(page.getByRole('heading', { name: 'Choose a store' }));
      await check('store picker');
      await press(page, /Slow Lantern/);
      await see(connection(page, 'Live'));
      await check('empty board');
      await checkBoard(page, check);
      await page.goto('/dashboard/orders');
      await see(page.getByRole('row').nth(1));
      await check('orders');
      await page.goto('/dashboard/orders?search=nobody');
      await check('orders without result');
      await page.goto('/dashboard/nothing-here');
      await see(page.getByRole('heading', { name: 'Nothing here' }));
      await check('error');

      expect(found).toEqual([]);
    },
    WALK_MAX_MS,
  );
});

async function checkBoard(page: Page, check: (name: string) => Promise<unknown>): Promise<void> {
  await place('slow-lantern');
  await place('slow-lantern');
  const card = page.getByRole('article').first();
  await see(card);
  await check('board');
  await card.getByRole('button', { name: /^#/ }).click();
  await see(page.getByRole('heading', { name: 'Who did what' }));
  await check('order panel');
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Cancel order' }).click();
  await see(page.getByText('Say why; the customer sees it.'));
  await check('cancel dialog');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await card.getByRole('button', { name: /^More for/ }).click();
  await see(page.getByRole('menu'));
  await check('menu of a card');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await see(palette);
  await check('command palette');
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'hidden' });
  await page.keyboard.press('Shift+?');
  await see(page.getByRole('dialog', { name: 'Keyboard shortcuts' }));
  await check('shortcuts');
  await page.goto('/dashboard?wall');
  await see(page.getByRole('article').first());
  await check('wall screen');
}
