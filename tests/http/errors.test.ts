import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coreErrors } from '#core/http/error-table.ts';
import { errorTable } from '#app/errors.ts';
import { PROJECT_FOLDER } from '#start/project-folder.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import type { Json } from '../support/http-client.ts';
import { checkOut, checkoutOf } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());

/** The codes that the server's source throws, each where it does. */
async function thrownCodes(): Promise<Map<string, string>> {
  const thrown = new Map<string, string>();
  for await (const file of glob('{app,core,start}/**/*.ts', { cwd: PROJECT_FOLDER })) {
    const source = await readFile(join(PROJECT_FOLDER, file), 'utf8');
    for (const [, code] of source.matchAll(/(?:refusal|new DomainError)\(\s*'([A-Z_]+)'/g))
      thrown.set(code ?? '', file);
  }
  return thrown;
}

/** Codes that the source names where refusals are made, by whatever function; tables and declarations of routes do not count. */
async function namedCodes(): Promise<Set<string>> {
  const named = new Set((await thrownCodes()).keys());
  for await (const file of glob('{app,core,start}/**/*.ts', { cwd: PROJECT_FOLDER })) {
    if (/(errors|-routes|route-codes)\.ts$/.test(file)) continue;
    const source = await readFile(join(PROJECT_FOLDER, file), 'utf8');
    for (const [, code] of source.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)) named.add(code ?? '');
  }
  return named;
}

describe('the table of errors', () => {
  it('has a row for every code that is thrown', async () => {
    const codes = await thrownCodes();
    expect(codes.size).toBeGreaterThan(20);
    expect([...codes].filter(([code]) => !(code in errorTable))).toEqual([]);
  });

  it('has no row that nothing throws, but those of any server', async () => {
    const codes = await namedCodes();
    expect(Object.keys(errorTable).filter((code) => !codes.has(code) && !(code in coreErrors))).toEqual([]);
  });

  it('tells people what each means and what to do', () => {
    for (const { status, title, help } of Object.values(errorTable)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(title).toMatch(/^[A-Z][^.]{3,79}$/);
      expect(help).toMatch(/^[A-Z].{3,159}\.$/);
    }
  });
});

describe('a problem', () => {
  it('has the members of RFC 9457, a code and a request id, and is sent as what it is', async () => {
    const answer = await app.visitor.get('/api/v1/stores/nobody');
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      type: '/errors#STORE_NOT_FOUND',
      title: errorTable.STORE_NOT_FOUND.title,
      status: 404,
      detail: 'There is no store at this address.',
      code: 'STORE_NOT_FOUND',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('has a type that leads to its explanation', async () => {
    const { body } = await app.visitor.get('/api/v1/stores/nobody');
    const page = await app.visitor.get(String(body['type']));
    expect(page.status).toBe(200);
    for (const code of Object.keys(errorTable)) expect(page.text).toContain(`id="${code}"`);
  });

  it('of a validation names the fields, each with what it must be', async () => {
    const { contact: _, ...checkout } = checkoutOf(shops.cafe);
    const items = [{ ...checkout.items[0], quantity: 0, colour: 'red' }];
    const answer = await checkOut(app.visitor, shops.cafe, { ...checkout, items });
    expect(answer).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    expect(answer.body['errors']).toEqual({
      contact: ['is required'],
      'items.0.colour': ['is not a known field'],
      'items.0.quantity': ['must be at least 1'],
    });
  });

  it('of a validation says what is wanted in words, once, and nothing of what was not meant', async () => {
    const errorsOf = async (body: Json) =>
      (await checkOut(app.visitor, shops.cafe, { ...checkoutOf(shops.cafe), ...body } as never)).body[
        'errors'
      ];
    const contact = { first_name: ' ', email: 'nobody' };
    expect(await errorsOf({ contact, fulfilment_type: 'drone', payment: { method: 'gold' } })).toEqual({
      'contact.first_name': ['must be one line that is not blank'],
      'contact.email': ['must be an e-mail address'],
      fulfilment_type: ['must be one of pickup, shipping'],
      'payment.method': [expect.stringMatching(/^must be one of pay_at_pickup, manual/)],
    });
    const twoLines = { first_name: 'Kim\r\nBcc: all@example.com', email: 'kim@example.com' };
    expect(await errorsOf({ contact: twoLines, notes: 'Two\nlines' })).toEqual({
      'contact.first_name': ['must be one line that is not blank'],
    });
    const owner = await signIn(app.visitor, 'owner', shops.cafe);
    const reward = { kind: 'percentage', percent: 101 };
    const programme = { points_per_currency_unit: 1, threshold: 10, reward, active: true, version: 0 };
    expect((await owner.put<Json>('/dashboard/loyalty', programme)).body['errors']).toEqual({
      'reward.percent': ['must be at most 100'],
    });
  });

  it('of the server’s own making tells nothing of its cause', async () => {
    await app.admin`ALTER TABLE order_counters RENAME TO order_counters_away`;
    const answer = await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe));
    await app.admin`ALTER TABLE order_counters_away RENAME TO order_counters`;
    expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL', status: 500 } });
    expect(answer.text).not.toMatch(/order_counters|relation|select|insert|\.ts/i);
    expect(Object.keys(answer.body).toSorted()).toEqual([
      'code',
      'detail',
      'request_id',
      'status',
      'title',
      'type',
    ]);
  });
});

describe('a problem for people', () => {
  const html = { accept: 'text/html' };

  it('is a page of the dashboard that keeps its status and says what to do', async () => {
    const manager = await signIn(app.visitor, 'manager');
    const answer = await manager.get('/dashboard/orders/nobodys.json', html);
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('"component":"Error"');
    expect(answer.text).toContain(errorTable.ORDER_NOT_FOUND.help);
  });

  it.each(['/s/cafe/p/nothing', '/s/cafe/c/nothing', '/s/nobody', '/o/nobody'])(
    'is a page of the storefront at %s',
    async (path) => {
      const answer = await app.visitor.get(path, html);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(answer.text).not.toContain('<script>');
    },
  );

  it('is shown even when what its page tells cannot be read', async () => {
    // A new server remembers no store.
    app = await app.restart();
    const manager = await signIn(app.visitor, 'manager');
    await app.admin`ALTER TABLE shipping_zones RENAME TO shipping_zones_away`;
    const answers = [await manager.get('/dashboard', html), await app.visitor.get('/s/roastery', html)];
    await app.admin`ALTER TABLE shipping_zones_away RENAME TO shipping_zones`;
    for (const { status, headers, text } of answers) {
      expect(status).toBe(500);
      expect(headers.get('content-type')).toContain('text/html');
      expect(text).toContain('Something went wrong on our side');
    }
  });
});
