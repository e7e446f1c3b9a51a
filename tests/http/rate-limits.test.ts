import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerOf } from '#core/security/network.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { Answer, HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, line } from '../support/orders.ts';

let app: TestApp;
let behindProxy: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  [app, behindProxy] = await Promise.all([
    testApp({ rateLimits: true }),
    testApp({ rateLimits: true, trustProxy: true }),
  ]);
  shops = await openMerchants(app);
  await openMerchants(behindProxy);
});
afterAll(() => Promise.all([app.close(), behindProxy.close()]));

const quote = (client: HttpClient) =>
  client.post('/api/v1/stores/cafe/shipping/quote', {
    country: 'AU',
    postcode: '3000',
    items: [line(shops.cafe.products.tee, { variant: 'S' })],
  });

const quoteFor = (address: string) => quote(behindProxy.visitor.with({ 'x-forwarded-for': address }));

/** What one address may do, and how often. */
const LIMITS: readonly [string, number, number, (nth: number) => Promise<Answer<unknown>>][] = [
  ['quotes a minute', 20, 60, () => quote(app.visitor)],
  ['sign-ins a minute', 20, 60, () => app.visitor.post('/login', { login: randomUUID(), password: 'x' })],
  ['orders an hour', 30, 3600, () => checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe))],
  ['priced carts a minute', 120, 60, () => app.visitor.post('/api/v1/stores/cafe/cart/price', { items: [] })],
  ['looks at setup links a minute', 10, 60, () => app.visitor.get('/setup/x')],
];

describe('one address', () => {
  it.each(LIMITS)('may have so many %s, and no more', async (_, max, withinS, ask) => {
    const statuses: number[] = [];
    for (let nth = 0; nth < max; nth++) statuses.push((await ask(nth)).status);
    expect(statuses).not.toContain(429);
    const answer = await ask(max);
    expect(answer).toMatchObject({
      status: 429,
      body: { code: 'TOO_MANY_REQUESTS', request_id: expect.any(String) },
    });
    const wait = Number(answer.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(withinS);
  });

  it('is counted by itself when it says to be another', async () => {
    const statuses: number[] = [];
    for (let nth = 0; nth < 3; nth++) {
      const disguised = app.visitor.with({
        'x-forwarded-for': `10.0.0.${nth}`,
        forwarded: `for=10.0.0.${nth}`,
      });
      statuses.push((await quote(disguised)).status);
    }
    expect(statuses).toEqual([429, 429, 429]);
  });

  it('is the one that a trusted proxy names', async () => {
    for (let nth = 0; nth < 20; nth++) expect((await quoteFor('10.0.0.1')).status).not.toBe(429);
    expect((await quoteFor('10.0.0.1')).status).toBe(429);
    expect((await quoteFor('10.0.0.2')).status).not.toBe(429);
    // What stands before it came from the customer.
    expect((await quoteFor('10.9.9.9, 10.0.0.1')).status).toBe(429);
  });
});

const knockFrom = (address: string) =>
  behindProxy.visitor
    .with({ 'x-forwarded-for': address })
    .post('/login', { login: 'manager', password: 'wrong' });

describe('an address of IPv6', () => {
  it('counts with all others of its network, which are one caller’s', async () => {
    for (let nth = 1; nth <= 5; nth++) expect((await knockFrom(`2001:db8:1:2::${nth}`)).status).toBe(401);
    expect(await knockFrom('2001:db8:1:2::6')).toMatchObject({
      status: 429,
      body: { code: 'SIGN_IN_LOCKED' },
    });
    for (let nth = 0; nth < 20; nth++) expect((await quoteFor(`2001:db8:1:3::${nth}`)).status).not.toBe(429);
    expect((await quoteFor('2001:db8:1:3::ffff')).status).toBe(429);
  });
});

describe('where a socket comes from', () => {
  const connection = {
    headers: { 'x-forwarded-for': '10.9.9.9, 203.0.113.7' },
    socket: { remoteAddress: '::ffff:192.0.2.1' },
  };

  it.each([
    ['is the connection’s own address', connection, false, '192.0.2.1'],
    ['is what a trusted proxy names last', connection, true, '203.0.113.7'],
    ['is the proxy where it names nobody', { ...connection, headers: {} }, true, '192.0.2.1'],
    [
      'is its network of IPv6',
      { headers: {}, socket: { remoteAddress: '2001:db8:1:2::3' } },
      false,
      '2001:db8:1:2::',
    ],
  ])('%s', (_, request, trustProxy, caller) => {
    expect(callerOf(request, { trustProxy })).toBe(caller);
  });
});

describe('what is not limited', () => {
  it('goes on: pages, products and orders are read', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => (await app.visitor.get('/api/v1/stores/cafe/products')).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
