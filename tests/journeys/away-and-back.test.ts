import { createServer, type AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BoardOrder } from '#app/orders/order-view.ts';
import { columnOf } from '../../dashboard/composables/board-columns.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { browsing, PATIENCE_MS, see, wayOf } from '../support/browser.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, move, orderAt } from '../support/orders.ts';
import { column, connection, press, standAtBoard } from '../support/people.ts';
import { signIn } from '../support/sign-in.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

let app: TestApp;
let shops: TestMerchants;
/** Between the browsers and the server; colleagues at the till reach the server without it. */
let network: TcpProxy;
beforeAll(async () => {
  const port = await freePort();
  app = await testApp({ port });
  network = await startTcpProxy([port]);
  shops = await openMerchants(app);
});
afterEach(() => network.setDown(false));
afterAll(async () => {
  await network.close();
  await app.close();
});
const { open } = browsing(() => `http://127.0.0.1:${network.port}`);

const NO_CONNECTION = /ERR_|WebSocket connection|status of 50[23]/;

/** A port that stays the same when the server begins anew. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A new order, one that is accepted, one that is ready and one that is cancelled. */
async function fillBoard(): Promise<BoardOrder[]> {
  const walk = {
    customer: app.visitor,
    staff: await till(),
    store: shops.cafe,
    fulfilment: 'pickup',
  } as const;
  const orders: BoardOrder[] = [];
  for (const status of ['pending', 'accepted', 'ready', 'cancelled'] as const)
    orders.push(await orderAt(status, walk));
  return orders;
}

/** What happens while the board is away: orders come in and every one of `orders` that can moves on. */
async function businessGoesOn([pending, accepted, ready]: readonly BoardOrder[]): Promise<void> {
  const staff = await till();
  if (!pending || !accepted || !ready) throw new Error('expected three orders');
  expectStatus(200, await move(staff, pending, 'cancelled'));
  expectStatus(200, await move(staff, accepted, 'in_progress'));
  expectStatus(200, await move(staff, ready, 'completed'));
  expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe)));
}

function till(): Promise<HttpClient> {
  return signIn(app.visitor, 'manager');
}

/** Where each order stands on the screen. */
function shown(page: Page): Promise<Record<string, string>> {
  return page
    .locator('[data-card]')
    .evaluateAll((cards) =>
      Object.fromEntries(
        cards.map((each) => [
          each.getAttribute('data-card') ?? '',
          each.closest('[data-column]')?.getAttribute('data-column') ?? '',
        ]),
      ),
    );
}

/** Where each order belongs, as the server tells. */
async function stored(): Promise<Record<string, string>> {
  const staff = await till();
  const { body } = await staff.get<{ orders: BoardOrder[] }>('/dashboard/board.json');
  return Object.fromEntries(body.orders.map(({ public_id, status }) => [public_id, columnOf(status)]));
}

async function openBoard(page: Page): Promise<void> {
  await standAtBoard(page, 'barista');
  await press(page, /^Unfold Done/);
  await press(page, /^Unfold Cancelled/);
  await see(column(page, 'Cancelled'));
  expect(await shown(page)).toEqual(await stored());
}

async function seeTheTruth(page: Page): Promise<void> {
  await expect.poll(() => shown(page), { timeout: PATIENCE_MS }).toEqual(await stored());
}

describe('a board that was away', () => {
  it('says so while its network is cut, and is right again without a reload', async () => {
    const board = await open({ expected: NO_CONNECTION });
    const orders = await fillBoard();
    await openBoard(board);
    const way = wayOf(board);

    network.setDown(true);
    await see(connection(board, 'Reconnecting'));
    await see(board.getByRole('alert').filter({ hasText: 'Trying to reach the server' }));
    await board.context().setOffline(true);
    await see(board.getByRole('alert').filter({ hasText: 'This device is offline' }));
    await businessGoesOn(orders);
    expect(await shown(board)).not.toEqual(await stored());

    network.setDown(false);
    await board.context().setOffline(false);
    await see(connection(board, 'Live'));
    await seeTheTruth(board);
    await board.getByRole('alert').waitFor({ state: 'hidden' });
    expect(way).toEqual([]);
  });

  it('is right again after the server began anew', async () => {
    const board = await open({ expected: NO_CONNECTION });
    const orders = await fillBoard();
    await openBoard(board);
    const way = wayOf(board);

    network.setDown(true);
    app = await app.restart();
    await businessGoesOn(orders);
    network.setDown(false);

    await see(connection(board, 'Live'));
    await seeTheTruth(board);
    expect(way).toEqual([]);
  });

  it('sends a move that was made meanwhile when it is back', async () => {
    const board = await open({ expected: NO_CONNECTION });
    const { order_number: number } = expectStatus(
      201,
      await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe)),
    );
    await openBoard(board);

    network.setDown(true);
    await press(board, `Accept order ${number}`);
    await see(column(board, 'Accepted').getByRole('button', { name: number, exact: true }));
    network.setDown(false);

    await see(connection(board, 'Live'));
    await expect
      .poll(async () => (await orderNumbered(number))?.status, { timeout: PATIENCE_MS })
      .toBe('accepted');
    await seeTheTruth(board);
  });
});

async function orderNumbered(number: string): Promise<BoardOrder | undefined> {
  const staff = await till();
  const { body } = await staff.get<{ orders: BoardOrder[] }>('/dashboard/board.json');
  return body.orders.find(({ order_number }) => order_number === number);
}

describe('where sockets are blocked', () => {
  it('board and tracking page keep moving', async () => {
    const [board, customer] = [
      await open({ expected: NO_CONNECTION }),
      await open({ expected: NO_CONNECTION }),
    ];
    const orders = await fillBoard();
    for (const page of [board, customer])
      await page.routeWebSocket('**/realtime', (socket) => socket.close());
    await customer.goto(`/o/${orders[1]?.public_id}`);
    await board.goto('/login');
    await see(customer.getByText('Looked up every few seconds'));
    await standAtDelayedBoard(board);

    await businessGoesOn(orders);
    await see(customer.getByRole('heading', { name: 'Your order is being made' }));
    await seeTheTruth(board);
  });
});

async function standAtDelayedBoard(board: Page): Promise<void> {
  await board.evaluate(() => localStorage.setItem('storeflow.unfolded', '["done","cancelled"]'));
  await standAtBoard(board, 'barista', 'Delayed');
}
