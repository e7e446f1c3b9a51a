import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardRoutes, registerRoutes } from '#core/http/pipeline.ts';
import type { Route } from '#core/http/route.ts';
import { fastifySerializers } from '#core/http/serialization.ts';
import { compileValidator } from '#core/http/validation.ts';
import { STAFF_ABILITIES } from '#app/staff/abilities.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { Answer, HttpClient } from '../support/http-client.ts';
import { CANARY, openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, orderAt } from '../support/orders.ts';
import { addressOf, declaredRoutes } from '../support/routes.ts';
import { signIn } from '../support/sign-in.ts';

/** Who comes in through which addresses: every route stands under one of these. */
const AUDIENCES: readonly [RegExp, readonly string[]][] = [
  [/^\/api\/v1\/stores\/:store\/(checkout|cart)/, ['shopper']],
  [/^\/api\/v1\/stores\//, ['storefront']],
  [/^\/api\/v1\/customers\/(register|login|password-reset|email-change)/, ['storefront']],
  [/^\/api\/v1\/customers\//, ['customer']],
  [/^\/s\/:store/, ['storefront']],
  [/^\/api\/v1\/orders\//, ['order_holder']],
  [/^\/o\//, ['order_holder']],
  [/^\/dashboard\/stores?(\.json)?$/, ['staff_without_store']],
  [/^\/logout$/, ['staff_without_store']],
  [/^\/dashboard\/\*$/, ['staff_without_store']],
  [/^\/dashboard\/customers\/:public_id\/(merges|erasures|export)/, ['staff_without_store']],
  [
    /^\/dashboard\/(realtime|account|api-keys|staff|staff-invitations|webhook-endpoints|webhook-deliveries|audit|payments|merchant)([/.]|$)/,
    ['staff_without_store'],
  ],
  [/^\/dashboard/, ['staff']],
  [/^\/dev\/mails/, ['anyone']],
  [/^\/webhooks\//, ['anyone']],
  [/^\/(login|setup|invitations|health|errors|openapi\.json|robots\.txt|sitemap\.xml|$)/, ['anyone']],
];

let app: TestApp;
let shops: TestMerchants;
let routes: Route[];
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  routes = declaredRoutes(app);
});
afterAll(() => app.close());

const call = (client: HttpClient, { method }: Route, address: string, headers = {}) =>
  client.send(address, {
    method,
    headers: { ...(method !== 'GET' && { 'content-type': 'application/json' }), ...headers },
    ...(method !== 'GET' && { body: '{}' }),
  });

const forStaff = () => routes.filter(({ audience }) => audience.startsWith('staff'));

describe('every route', () => {
  it('is there, and declares an audience that fits its address, and an ability', () => {
    expect(routes.length).toBeGreaterThan(20);
    for (const { method, path, audience, ability } of routes) {
      expect(app.server.hasRoute({ method, url: path }), `${method} ${path}`).toBe(true);
      const allowed = AUDIENCES.find(([pattern]) => pattern.test(path))?.[1] ?? [];
      expect(allowed, `${path} is for ${audience}`).toContain(audience);
      expect(ability).toMatch(/^\w+\.\w+$/);
      if (audience === 'staff') expect(STAFF_ABILITIES).toContain(ability);
    }
  });

  it('describes what it takes and answers by schemas that can be compiled, which happens only when they are used', async () => {
    const serializerOf = await fastifySerializers();
    for (const { method, path, params, query, headers, body, answers } of routes) {
      const compile = () => {
        for (const [httpPart, schema] of Object.entries({ params, query, headers, body }))
          if (schema) void compileValidator({ method, url: path, schema, httpPart })({});
        for (const [httpStatus, schema] of Object.entries(answers ?? {}))
          serializerOf({ method, url: path, schema, httpStatus });
      };
      expect(compile, `${method} ${path}`).not.toThrow();
    }
  });

  it('came through the pipeline: another cannot be registered', () => {
    const bare = Fastify();
    guardRoutes(bare, () => false);
    expect(() => bare.get('/back-door', () => 'open')).toThrow(
      /GET \/back-door: expected an audience and an ability/,
    );
    const route = {
      method: 'GET',
      path: '/x',
      audience: 'nobody',
      ability: 'x.y',
      summary: '',
      handle: () => '',
    } as const;
    expect(() => registerRoutes(bare, [route], {})).toThrow(/no gate for audience nobody/);
  });
});

describe('a route for staff', () => {
  it('is closed to visitors: 401 for scripts, the sign-in page for people', async () => {
    for (const route of forStaff()) {
      const address = addressOf(route, {});
      const answer = await call(app.visitor, route, address);
      expect(answer, address).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
      const opensToKeys = route.audience === 'staff' && route.answers !== undefined;
      expect(answer.headers.get('www-authenticate'), address).toBe(
        opensToKeys ? 'Bearer realm="StoreFlow"' : null,
      );
      const page = await call(app.visitor, route, address, { accept: 'text/html' });
      expect({ status: page.status, to: page.headers.get('location') }, address).toEqual({
        status: 303,
        to: '/login',
      });
    }
  });

  it('is closed until a store is chosen', async () => {
    const owner = await signIn(app.visitor, 'owner');
    for (const route of routes.filter(({ audience }) => audience === 'staff')) {
      const address = addressOf(route, {});
      expect(await call(owner, route, address), address).toMatchObject({
        status: 409,
        body: { code: 'STORE_NOT_CHOSEN' },
      });
    }
  });
});

/** Everything that B has a name for, in place of A's. */
async function foreignNames() {
  const { other } = shops;
  const owner = await signIn(app.visitor, 'other-owner');
  const walk = { customer: app.visitor, staff: owner, store: other, fulfilment: 'shipping' } as const;
  const { public_id } = await orderAt('accepted', walk);
  const contact = { first_name: CANARY, last_name: CANARY, email: `${CANARY}@example.com` };
  expectStatus(
    201,
    await checkOut(app.visitor, other, checkoutOf(other, 'pickup', { contact, notes: CANARY })),
  );
  return { public_id, store: 'cafe', slug: other.products.tee.slug, category: 'other', token: 'x' };
}

function expectNothingForeign({ method, path }: Route, { status, text }: Answer<unknown>): void {
  expect(text, `${method} ${path}`).not.toContain(CANARY);
  expect(status, `${method} ${path}`).toBeLessThan(500);
}

describe('nothing of another merchant', () => {
  it('shows to staff, whatever they ask for by its names', async () => {
    const names = await foreignNames();
    const owner = await signIn(app.visitor, 'owner', shops.cafe);
    for (const headers of [{}, { accept: 'text/html' }]) {
      for (const route of forStaff().filter(({ path }) => path !== '/logout')) {
        const answer = await call(owner, route, addressOf(route, names), headers);
        expectNothingForeign(route, answer);
        if (route.method === 'GET' && route.path.includes(':public_id')) expect(answer.status).toBe(404);
      }
    }
  });

  it('shows at a storefront, whatever is asked for by its names', async () => {
    const names = await foreignNames();
    for (const route of routes.filter(({ audience }) => ['storefront', 'shopper'].includes(audience))) {
      const answer = await call(app.visitor, route, addressOf(route, names));
      expectNothingForeign(route, answer);
      if (/:(slug|category)/.test(route.path)) expect(answer.status, route.path).toBe(404);
    }
  });
});

describe('an address that nobody serves', () => {
  it.each([
    ['GET', '/nowhere'],
    ['GET', '/api/v1/nothing'],
    ['PUT', '/login'],
    ['DELETE', '/api/v1/stores/cafe'],
    ['POST', '/health/live'],
    ['GET', '/api/v1/stores/cafe/checkout'],
  ])('is answered as a problem: %s %s', async (method, path) => {
    const answer = await app.visitor.send(path, { method });
    expect(answer).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', status: 404, request_id: expect.any(String) },
    });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});
