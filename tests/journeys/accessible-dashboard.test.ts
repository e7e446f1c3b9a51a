import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueSetupLink } from '#app/stores/setup-link.ts';
import type { TestApp } from '../support/app.ts';
import { bringAxe, faults, SCREENS, WALK_MAX_MS } from '../support/axe.ts';
import { browsing, see } from '../support/browser.ts';
import { demoApp, placeAt } from '../support/demo-app.ts';
import { connection, press, signInAt } from '../support/people.ts';

let app: TestApp;
beforeAll(async () => {
  app = await demoApp();
});
afterAll(() => app.close());
const { open } = browsing(() => app.visitor.origin);

describe('the dashboard', () => {
  it.each(SCREENS)(
    'is accessible on %s, page by page',
    async (_, visit) => {
      const page = await open({ ...visit, expected: /status of (404|401|422)/ });
      await bringAxe(page);
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
  await placeAt(app, 'slow-lantern');
  await placeAt(app, 'slow-lantern');
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
