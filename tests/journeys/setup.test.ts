import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { issueSetupLink } from '#app/stores/setup-link.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { browsing, see } from '../support/browser.ts';
import { connection, press } from '../support/people.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ environment: 'production' });
});
afterAll(() => app.close());
const { open } = browsing(() => app.visitor.origin);

it('sets an empty production system up, once, from the printed link to a live board and an open store', async () => {
  const link = `/setup/${await issueSetupLink(app.database)}`;
  const page = await open({ expected: /status of 40\d/ });
  await page.goto(link);
  await fillShop(page);
  await page.getByLabel('Password', { exact: true }).fill('too short');
  expect(await page.getByRole('button', { name: 'Open the store' }).isDisabled()).toBe(true);
  await page.getByLabel('Password', { exact: true }).fill('seven quiet herons swim');
  await press(page, 'Open the store');

  await see(page.getByRole('heading', { name: 'Operations' }), connection(page, 'Live'));
  await page.goto('/s/otter-bakery');
  await see(page.getByText('The shelves are still empty. Come back soon.'));
  await page.goto(link);
  await see(page.getByText('SETUP_LINK_INVALID'));
});

async function fillShop(page: Page): Promise<void> {
  await page.getByLabel('Name of the business').fill('Otter & Daughters');
  await page.getByLabel('Name of the store').fill('Otter Bakery');
  expect(await page.getByLabel('Address on the web').inputValue()).toBe('otter-bakery');
  await chooseIn(page, 'Currency', 'EUR');
  await chooseIn(page, 'Country', 'Ireland');
  await chooseIn(page, 'Time zone', 'Dublin');
  await page.getByLabel('Your name').fill('Ada Otter');
  await page.getByLabel('E-mail').fill('ada@example.com');
}

async function chooseIn(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label).click();
  await page.getByRole('option', { name: text }).first().waitFor();
  await page.keyboard.type(text);
  await page.getByRole('option', { name: text }).first().click();
  await page.getByRole('option').first().waitFor({ state: 'hidden' });
  await see(page.getByLabel(label).filter({ hasText: text }));
}
