import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '#core/http/route.ts';
import { abreast } from '../support/abreast.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { visitorInProcess } from '../support/in-process.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus, orderAt } from '../support/orders.ts';
import { addressOf, declaredRoutes } from '../support/routes.ts';
import { signIn } from '../support/sign-in.ts';

/** What is put into addresses by mistake or on purpose, as it is sent. */
const VALUES: readonly string[] = [
  '',
  '%00',
  'a%00b',
  '%',
  '%ff%fe',
  '%ed%a0%80',
  '%F0%9F%98%80',
  '..',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  "'",
  "'%3B%20DROP%20TABLE%20orders%3B--",
  '%25_%5c',
  '%21%26%7C%3A%2A%28%29%3C%3E',
  '0',
  '-1',
  '1e9',
  '99999999999999999999',
  'null',
  '__proto__',
  'constructor',
  '%3Cscript%3Ealert%281%29%3C%2Fscript%3E',
  'x'.repeat(299),
  'x'.repeat(3000),
];

let app: TestApp;
let shops: TestMerchants;
let visitor: HttpClient;
let manager: HttpClient;
let names: Record<string, string>;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  visitor = visitorInProcess(app);
  manager = await signIn(visitor, 'manager');
  const walk = { customer: visitor, staff: manager, store: shops.cafe, fulfilment: 'pickup' } as const;
  const { public_id } = await orderAt('accepted', walk);
  names = { store: 'cafe', slug: shops.cafe.products.tee.slug, category: 'none', public_id, token: 'none' };
});
afterAll(() => app.close());

const reads = () => declaredRoutes(app).filter(({ method }) => method === 'GET');
const parametersOf = ({ path }: Route) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
const fieldsOf = ({ query }: Route) =>
  Object.keys((query as { properties?: object } | undefined)?.properties ?? {});

/** The addresses that failed the server, of those that are asked for in each way that answers differ by. */
async function failuresAt(addresses: readonly string[]): Promise<string[]> {
  const failures: string[] = [];
  await abreast(addresses, async (address) => {
    for (const accept of ['*/*', 'text/html']) {
      const { status, text, headers } = await manager.get(address, { accept });
      if (status >= 500) failures.push(`${status} ${accept} ${address.slice(0, 200)}`);
      const isPage = headers.get('content-type')?.startsWith('text/html');
      if (isPage && text.includes('<script>alert')) failures.push(`script ${address}`);
    }
  });
  return failures;
}

describe('an address with a hostile value', () => {
  it('in a parameter never fails the server', async () => {
    const addresses = reads().flatMap((route) =>
      parametersOf(route).flatMap((name) =>
        VALUES.map((value) => addressOf(route, { ...names, [name]: value })),
      ),
    );
    expect(addresses.length).toBeGreaterThan(200);
    expect(await failuresAt(addresses)).toEqual([]);
  });

  it('in its query never fails the server', async () => {
    const addresses = reads().flatMap((route) =>
      fieldsOf(route).flatMap((field) => [
        ...VALUES.map((value) => `${addressOf(route, names)}?${field}=${value}`),
        `${addressOf(route, names)}?${field}=a&${field}=b`,
        `${addressOf(route, names)}?${field}[a]=b`,
      ]),
    );
    expect(addresses.length).toBeGreaterThan(100);
    expect(await failuresAt(addresses)).toEqual([]);
  });
});

const encoded = (text: string) => Buffer.from(text).toString('base64url');

const takesCursor = (query: object | undefined) =>
  'cursor' in ((query as { properties?: object } | undefined)?.properties ?? {});

describe('a cursor that somebody made up', () => {
  it('never fails the catalogue', async () => {
    const { id } = shops.cafe.products.tee;
    for (const cursor of [
      `9999999999.${id}`,
      `-9999999999.${id}`,
      `0.${id}`,
      `1.pr_nothing`,
      `NaN.${id}`,
      `1.${id}.1`,
    ]) {
      const address = `/api/v1/stores/cafe/products?cursor=${encoded(cursor)}`;
      expect([200, 422], cursor).toContain((await visitor.get(address)).status);
    }
  });

  it('never fails the history', async () => {
    for (const cursor of ['99999999999999-999999999999999', '0-0', '8640000000000001-1', 'x-1', '1-1-1']) {
      expect([200, 422], cursor).toContain((await manager.get(`/dashboard/orders?cursor=${cursor}`)).status);
    }
  });

  it('is refused by every list, rather than taken for its beginning or its end', async () => {
    const owner = await signIn(app.visitor, 'owner', shops.cafe);
    const lists = declaredRoutes(app)
      .filter(({ method, path, query }) => method === 'GET' && path.endsWith('.json') && takesCursor(query))
      .map(({ path }) => path)
      .filter((path) => !path.includes(':'));
    expect(lists.length).toBeGreaterThan(8);
    for (const list of lists)
      expect(await owner.get(`${list}?cursor=somewhere`), list).toMatchObject({
        status: 422,
        body: { errors: { cursor: ['must be the next_cursor of a list'] } },
      });
  });

  it('is told to begin anew where events are asked for', async () => {
    const { body } = await manager.get<{ cursor: string }>('/dashboard/board.json');
    const [epoch, timeline] = Buffer.from(body.cursor, 'base64url').toString().split('.');
    for (const seq of ['9007199254740991', '9999999999999999', '-1', '1e3', '']) {
      const cursor = encoded(`${epoch}.${timeline}.${seq}`);
      const answer = await manager.get(`/dashboard/board/events?cursor=${cursor}`);
      expect(expectStatus(200, answer), seq).toEqual({ reset: true });
    }
  });
});

describe('the API', () => {
  it('tells of a misspelt field of a query; pages live with what others append', async () => {
    expect(await visitor.get('/api/v1/stores/cafe/products?catgory=x')).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_FAILED', errors: { catgory: ['is not a known field'] } },
    });
    expect(await visitor.get('/s/cafe?utm_source=x')).toMatchObject({ status: 200 });
    expect(await visitor.get('/s/cafe/search?q=tee&utm_source=x')).toMatchObject({ status: 200 });
  });

  it.each(['0', '-1', '101', '1.5', 'ten', ''])('refuses a page of %s products', async (limit) => {
    const answer = await visitor.get(`/api/v1/stores/cafe/products?limit=${limit}`);
    expect(answer).toMatchObject({ status: 422, body: { errors: { limit: expect.any(Array) } } });
  });
});
