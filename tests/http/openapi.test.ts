import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strict } from '#core/http/validation.ts';
import { errorTable } from '#app/errors.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { Answer } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line, move } from '../support/orders.ts';
import { declaredRoutes } from '../support/routes.ts';
import { signIn } from '../support/sign-in.ts';

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly security?: readonly Record<string, readonly string[]>[];
  readonly responses: Record<
    string,
    { headers?: Record<string, object>; content?: Record<string, { schema: object }> }
  >;
}

interface Description {
  readonly openapi: string;
  readonly info: { readonly description: string };
  readonly paths: Record<string, Record<string, Operation>>;
}

let app: TestApp;
let shops: TestMerchants;
let description: Description;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  description = (await app.visitor.get<Description>('/openapi.json')).body;
});
afterAll(() => app.close());

const inBraces = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}');

function operation(method: string, path: string): Operation {
  const found = description.paths[path]?.[method];
  if (!found) throw new Error(`expected ${method} ${path} in the description`);
  return found;
}

/** The codes of the refusals with that status. */
function codesAt({ responses }: Operation, status: number): unknown {
  const schema = responses[status]?.content?.['application/problem+json']?.schema as
    | { allOf: readonly { properties?: { code: { enum: unknown } } }[] }
    | undefined;
  return schema?.allOf[1]?.properties?.code.enum;
}

const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);

/** Why the answer is not what the description says, with no member too many; null when it is. */
function difference(answer: Answer<unknown>, method: string, path: string): string | null {
  const schema = operation(method, path).responses[answer.status]?.content?.['application/json']?.schema;
  if (!schema) return `${method} ${path}: ${answer.status} is not described`;
  const isAsDescribed = ajv.compile(strict(schema) as object);
  return isAsDescribed(answer.body) ? null : `${method} ${path}: ${ajv.errorsText(isAsDescribed.errors)}`;
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1', () => {
    expect(description.openapi).toMatch(/^3\.1\.\d$/);
  });

  it('lists exactly the routes that are no pages, each with what it does and for whom', () => {
    const declared = declaredRoutes(app)
      .filter(({ answers }) => answers)
      .map(({ method, path }) => `${method.toLowerCase()} ${inBraces(path)}`);
    const listed = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(listed.toSorted()).toEqual(declared.toSorted());
    for (const methods of Object.values(description.paths)) {
      for (const { summary, tags } of Object.values(methods)) {
        expect(summary).toMatch(/^[A-Z]/);
        expect(tags).toHaveLength(1);
      }
    }
  });

  it('leaves out nothing that answers with data', () => {
    const undescribed = declaredRoutes(app)
      .filter(({ path }) => path.startsWith('/api/') || path.endsWith('.json'))
      .filter(({ path, answers }) => !answers && path !== '/openapi.json')
      .map(({ method, path }) => `${method} ${path} has no answers`);
    expect(undescribed).toEqual([]);
  });

  it('says how each operation is entered, and what it refuses with which status', () => {
    const moving = operation('patch', '/dashboard/orders/{public_id}/status');
    expect(moving.security).toEqual([{ staff_session: [], staff_token: [] }, { api_key: ['orders.move'] }]);
    expect(moving.description).toBe('Needs the right `orders.move`.');
    expect(operation('patch', '/dashboard/loyalty/managers').security).toEqual([
      { staff_session: [], staff_token: [] },
    ]);
    expect(operation('get', '/dashboard/staff.json').security).toEqual([{ staff_session: [] }]);
    expect(operation('get', '/api/v1/orders/{public_id}').security).toEqual([]);
    expect(codesAt(moving, 409)).toEqual(
      expect.arrayContaining(['STORE_NOT_CHOSEN', 'ORDER_CHANGED', 'ORDER_CANNOT_ADVANCE']),
    );
    expect(codesAt(moving, 419)).toEqual(['SESSION_EXPIRED']);
  });

  it('says which headers come with an answer', () => {
    const { responses } = operation('get', '/api/v1/orders/{public_id}');
    expect(Object.keys(responses['200']?.headers ?? {})).toEqual(['stream-cursor']);
    const quote = operation('post', '/api/v1/stores/{store}/shipping/quote').responses;
    expect(Object.keys(quote['200']?.headers ?? {})).toContain('x-ratelimit-remaining');
    expect(Object.keys(quote['429']?.headers ?? {})).toEqual([
      'retry-after',
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'x-ratelimit-reset',
    ]);
    const byKey = operation('get', '/dashboard/board.json').responses;
    expect(Object.keys(byKey['200']?.headers ?? {})).toContain('x-ratelimit-remaining');
    expect(Object.keys(byKey['503']?.headers ?? {})).toEqual(['retry-after']);
    expect(Object.keys(byKey['401']?.headers ?? {})).toEqual(['www-authenticate']);
    expect(operation('get', '/dashboard/staff.json').responses['401']?.headers).toBeUndefined();
  });

  it('says how a file is sent', () => {
    const file = { schema: { type: 'string', format: 'binary' } };
    const form = { schema: { properties: { file: file.schema } } };
    expect(operation('post', '/dashboard/product-imports').requestBody?.content).toMatchObject({
      'multipart/form-data': form,
      'text/csv': file,
    });
    expect(operation('post', '/dashboard/products/{product}/images').requestBody?.content).toMatchObject({
      'multipart/form-data': form,
    });
  });

  it('says which header makes an order happen once', () => {
    const { parameters = [] } = operation('post', '/api/v1/stores/{store}/checkout');
    expect(parameters.filter((parameter) => parameter.in === 'header')).toMatchObject([
      { name: 'idempotency-key', required: true },
    ]);
  });

  it('lists every error', () => {
    for (const code of Object.keys(errorTable)) expect(description.info.description).toContain(`\`${code}\``);
  });

  it('says in every body that unknown fields are refused', () => {
    const bodies = Object.values(description.paths).flatMap((methods) =>
      Object.values(methods).flatMap(({ requestBody }) => Object.entries(requestBody?.content ?? {})),
    );
    expect(bodies.length).toBeGreaterThan(2);
    const withFields = bodies.filter(([mediaType]) => mediaType !== 'text/csv');
    for (const [, { schema }] of withFields) expect(schema).toMatchObject({ additionalProperties: false });
  });

  it('is browsable', async () => {
    expect((await app.visitor.get('/docs')).status).toBeLessThan(400);
    const page = await app.visitor.get('/docs/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('swagger-ui');
    expect((await app.visitor.get('/docs/json')).text).toBe((await app.visitor.get('/openapi.json')).text);
  });
});

describe('the answers of the API', () => {
  it('are what is described, with nothing missing and nothing more', async () => {
    const { cafe } = shops;
    const api = `/api/v1/stores/${cafe.slug}`;
    const items = [
      line(cafe.products.latte, { choices: { Oat: 1, Shot: 2 } }),
      line(cafe.products.tee, { variant: 'S' }),
    ];
    const to = { country: 'AU', postcode: '3000' };
    const placed = await checkOut(app.visitor, cafe, checkoutOf(cafe, 'shipping', { items }));
    expectStatus(201, placed);
    const answers: readonly [string, string, Answer<unknown>][] = [
      ['get', '', await app.visitor.get(api)],
      ['get', '/products', await app.visitor.get(`${api}/products?limit=2`)],
      ['get', '/products/{slug}', await app.visitor.get(`${api}/products/cafe-latte`)],
      ['get', '/categories', await app.visitor.get(`${api}/categories`)],
      ['get', '/slots', await app.visitor.get(`${api}/slots`)],
      ['post', '/cart/price', await app.visitor.post(`${api}/cart/price`, { items })],
      ['post', '/shipping/quote', await app.visitor.post(`${api}/shipping/quote`, { ...to, items })],
      ['post', '/checkout', placed],
    ];
    const differences = answers.map(([method, path, answer]) =>
      difference(answer, method, `/api/v1/stores/{store}${path}`),
    );
    expect(differences.filter((text) => text !== null)).toEqual([]);
  });

  it('are what is described about an order and its events, and where no event is to be had', async () => {
    const { public_id } = expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe)));
    const address = `/api/v1/orders/${public_id}`;
    const order = await app.visitor.get(address);
    const manager = await signIn(app.visitor, 'manager');
    expectStatus(200, await move(manager, { public_id, version: 1 }, 'accepted'));
    const events = await app.visitor.get(`${address}/events?cursor=${order.headers.get('stream-cursor')}`);
    expect(events.body).toMatchObject({
      events: [{ event: { payload: { status: 'accepted', version: 2 } } }],
    });
    const lost = await app.visitor.get(`${address}/events?cursor=lost`);
    expect(lost.body).toEqual({ reset: true });
    expect(difference(order, 'get', '/api/v1/orders/{public_id}')).toBeNull();
    for (const answer of [events, lost])
      expect(difference(answer, 'get', '/api/v1/orders/{public_id}/events')).toBeNull();
  });
});
