import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { browsing, PATIENCE_MS, see } from '../support/browser.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';
import { card, column, standAtBoard } from '../support/people.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  for (let order = 0; order < 3; order++) {
    expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe)));
  }
});
afterAll(() => app.close());
const { open } = browsing(() => app.visitor.origin);

async function firstOrder() {
  const { storeId } = shops.cafe.tenant;
  const [order] =
    await app.admin`SELECT status, cancel_reason FROM orders WHERE store_id = ${storeId} AND number = 1001`;
  return order;
}

describe('the board without a pointer', () => {
  it('is reached by Tab; orders are moved, opened and cancelled', async () => {
    const page = await open();
    await standAtBoard(page, 'manager');
    await see(card(page, '#1003'));
    const number = (name: string) => page.getByRole('button', { name, exact: true });
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    while ((await focused()) !== '#1001') await page.keyboard.press('Tab');

    await page.keyboard.press('n');
    await see(column(page, 'Accepted').getByRole('button', { name: '#1001', exact: true }));
    expect(await focused()).toBe('#1002');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('#1001');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: '#1001' });
    await see(panel.getByText('Who did what'));
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    await expect.poll(focused).toBe('#1001');

    await page.keyboard.press('c');
    const question = page.getByRole('dialog', { name: 'Cancel order #1001' });
    await see(question);
    await expect
      .poll(() => question.getByLabel('Reason').evaluate((box) => box === document.activeElement))
      .toBe(true);
    await page.keyboard.type('The oven is out');
    await page.keyboard.press('Tab');
    while ((await focused()) !== 'Cancel order') await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await number('#1001').waitFor({ state: 'hidden' });
    await expect.poll(firstOrder, { timeout: PATIENCE_MS }).toMatchObject({
      status: 'cancelled',
      cancel_reason: 'The oven is out',
    });
  });

  it('finds orders and pages in the command palette', async () => {
    const page = await open();
    await standAtBoard(page, 'manager');
    await see(card(page, '#1003'));

    await page.keyboard.press('Control+k');
    await see(page.getByRole('dialog', { name: 'Commands' }));
    await page.keyboard.type('1003');
    await see(page.getByRole('option', { name: /^#1003/ }));
    await page.keyboard.press('Enter');
    await see(page.getByRole('dialog', { name: '#1003' }));
    await page.keyboard.press('Escape');

    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.waitForURL('**/dashboard/orders');
    await see(page.getByRole('rowheader', { name: '#1003' }));
  });
});
