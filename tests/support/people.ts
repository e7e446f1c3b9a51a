import type { Locator, Page } from 'playwright-core';
import { see } from './browser.ts';
import { PASSWORD } from './merchants.ts';

/** Signs in; waits for whatever page of the dashboard comes next. */
export async function signInAt(page: Page, login: string): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail or user name').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/dashboard/);
}

/** Signs in at the only store of the person and waits until the board is connected. */
export async function standAtBoard(page: Page, login: string, word = 'Live'): Promise<void> {
  await signInAt(page, login);
  await see(connection(page, word));
}

/** What the board says about its connection. */
export function connection(page: Page, word: string): Locator {
  return page.getByRole('status').filter({ hasText: new RegExp(`^${word}$`) });
}

export function card(page: Page, orderNumber: string): Locator {
  return page.getByRole('article', { name: `Order ${orderNumber},` });
}

export function column(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

/** Fills what checkout asks of everyone. */
export async function fillContact(page: Page): Promise<void> {
  await page.getByLabel('First name').fill('Robin');
  await page.getByLabel('Last name').fill('Vale');
  await page.getByLabel('E-mail').fill('robin@example.com');
}

/** Puts a product into the cart that has nothing to choose, or for which `chooseOn` chooses. */
export async function addToCart(
  page: Page,
  address: string,
  chooseOn: (page: Page) => Promise<void> = async () => undefined,
): Promise<void> {
  await page.goto(address);
  await chooseOn(page);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await see(page.getByText('Added to your cart.'));
}

/** Chooses a value of an option, or a choice of a group. */
export function choose(page: Page, group: string, value: string): Promise<void> {
  return page.getByRole('group', { name: group }).getByLabel(value).check();
}

/** Presses a button of the page. */
export function press(page: Page, name: string | RegExp): Promise<void> {
  return page.getByRole('button', { name }).click();
}
