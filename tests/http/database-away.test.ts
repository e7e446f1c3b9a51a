import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { until } from '../support/deliveries.ts';
import type { Answer, HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const AWAY_MS = 10_000;
const ASK_AGAIN_MS = 250;
/** More than the server has connections: each of them is asked. */
const AT_ONCE = 30;

let network: TcpProxy;
let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
let publicId: string;
beforeAll(async () => {
  app = await testApp({
    reach: async (url) => {
      network = await startTcpProxy([Number(url.port)]);
      return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(network.port) });
    },
  });
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
  publicId = (await order()).body.public_id;
});
afterAll(async () => {
  await app.close();
  await network.close();
});
afterEach(() => network.setDown(false));

const order = () => checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe));

/** One of each kind: an order, the board, a page of it, someone's order, a product nobody has seen yet, a way in. */
const asks: readonly (() => Promise<Answer<unknown>>)[] = [
  order,
  () => manager.get('/dashboard/board.json'),
  () => manager.get('/dashboard', { accept: 'text/html' }),
  () => app.visitor.get(`/api/v1/orders/${publicId}`),
  () => app.visitor.get(`/o/${publicId}`, { accept: 'text/html' }),
  () => app.visitor.get(`/api/v1/stores/roastery/products?q=${Math.random()}`),
  () => app.visitor.get(`/s/nobody-${Math.random()}`.replace('.', ''), { accept: 'text/html' }),
  () => app.visitor.post('/login', { login: 'nobody', password: 'x' }),
  () => app.visitor.get('/health/ready'),
];

async function isWell(): Promise<boolean> {
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, () => manager.get('/dashboard/board.json')),
  );
  return answers.every(({ status }) => status === 200);
}

async function ordersKept(): Promise<number> {
  return (await app.admin`SELECT FROM orders`).length;
}

describe(`a database that is away for ${AWAY_MS / 1000} seconds`, () => {
  it('is told as 503 with the time to wait; then all is well, and each order is there once', async () => {
    const before = await ordersKept();
    let placed = 0;
    network.setDown(true);
    for (const end = Date.now() + AWAY_MS; Date.now() < end; await sleep(ASK_AGAIN_MS)) {
      for (const answer of await Promise.all(asks.map((ask) => ask()))) {
        expect(answer.status, answer.text).toBe(503);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(answer.text).not.toMatch(/ECONN|postgres|CONNECT_TIMEOUT/);
      }
      expect(await app.visitor.get('/health/live')).toMatchObject({ status: 200 });
    }
    network.setDown(false);
    await until(isWell, 'the server finds its database again');

    for (const { status } of await Promise.all(Array.from({ length: AT_ONCE }, order))) {
      expect(status).toBe(201);
      placed += 1;
    }
    for (const ask of asks.slice(1, -3)) expect((await ask()).status).toBe(200);
    expect((await ordersKept()) - before).toBe(placed);
  });
});

describe('connections that break in the middle', () => {
  it('cost the requests on them a 503, the server nothing, and no order is half there', async () => {
    const before = await ordersKept();
    const statuses: number[] = [];
    for (let round = 0; round < 20; round++) {
      const under = Array.from({ length: 10 }, order);
      await sleep(Math.random() * 20);
      network.cutAll();
      statuses.push(...(await Promise.all(under)).map(({ status }) => status));
    }
    expect(new Set(statuses).difference(new Set([201, 503]))).toEqual(new Set());
    await until(isWell, 'the server finds its database again');
    // A connection that broke after COMMIT was sent leaves the order, and a customer who asks again with the same key.
    const kept = (await ordersKept()) - before;
    expect(kept).toBeGreaterThanOrEqual(statuses.filter((status) => status === 201).length);
    const [torn] = await app.admin`
      SELECT count(*)::int AS count FROM orders LEFT JOIN order_lines ON order_lines.order_id = orders.id
      WHERE order_lines.order_id IS NULL OR NOT EXISTS (SELECT FROM directory_orders WHERE order_id = orders.id)
        OR NOT EXISTS (SELECT FROM domain_events WHERE entity_id = orders.public_id)`;
    expect(torn).toEqual({ count: 0 });
  });
});
