import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { testApp, type TestApp } from '../support/app.ts';
import { browsing, see } from '../support/browser.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';
import { card, column, press, standAtBoard } from '../support/people.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());
const { open } = browsing(() => app.visitor.origin);

const REFUSED = /status of 409/;

async function newOrder(): Promise<string> {
  const { cafe } = shops;
  return expectStatus(201, await checkOut(app.visitor, cafe, checkoutOf(cafe))).order_number;
}

/** Holds the next move of this screen back until the returned function is called. */
async function holdMove(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route('**/status', async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

describe('two people on two screens', () => {
  it('see each other’s moves', async () => {
    const [manager, barista] = [await open(), await open()];
    await standAtBoard(manager, 'manager');
    await standAtBoard(barista, 'barista');
    const number = await newOrder();

    await press(manager, `Accept order ${number}`);
    await see(column(barista, 'Accepted').getByRole('button', { name: number, exact: true }));
    await press(barista, `Start order ${number}`);
    await see(column(manager, 'In progress · Packing').getByRole('button', { name: number, exact: true }));
    await see(card(manager, number).getByTitle('barista of A is on it'));
  });

  it('who take the same step at once both find it taken, and by whom', async () => {
    const [manager, barista] = [await open(), await open({ expected: REFUSED })];
    await standAtBoard(manager, 'manager');
    await standAtBoard(barista, 'barista');
    const number = await newOrder();
    const release = await holdMove(barista);

    await press(barista, `Accept order ${number}`);
    await press(manager, `Accept order ${number}`);
    await see(card(barista, number).getByTitle('manager of A is on it'));
    const answered = barista.waitForResponse('**/status');
    release();
    expect((await answered).status()).toBe(409);
    await see(column(barista, 'Accepted').getByRole('button', { name: number, exact: true }));
    await see(card(barista, number).getByRole('button', { name: `Start order ${number}`, disabled: false }));
  });

  it('who want different things: the slower is told who was faster, and shown what is', async () => {
    const [manager, barista] = [await open(), await open({ expected: REFUSED })];
    await standAtBoard(manager, 'manager');
    await standAtBoard(barista, 'barista');
    const number = await newOrder();
    const release = await holdMove(barista);

    await press(barista, `Accept order ${number}`);
    await card(manager, number)
      .getByRole('button', { name: `More for order ${number}` })
      .click();
    await manager.getByRole('menuitem', { name: 'Cancel order…' }).click();
    const dialog = manager.getByRole('dialog', { name: `Cancel order ${number}` });
    await dialog.getByRole('button', { name: 'An item has run out' }).click();
    await dialog.getByRole('button', { name: 'Cancel order' }).click();
    await card(manager, number).waitFor({ state: 'hidden' });
    release();

    await see(barista.getByText('Not moved. manager of A was faster: it is cancelled now.').first());
    await press(barista, /^Unfold Cancelled/);
    await see(column(barista, 'Cancelled').getByRole('button', { name: number, exact: true }));
  });
});
