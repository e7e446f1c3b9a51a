import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const BODY_MAX_BYTES = 256 * 1024;

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());

describe('a request', () => {
  const path = '/api/v1/stores/cafe/checkout';
  const json = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  const post = (body: BodyInit, headers: Record<string, string>) =>
    app.visitor.send(path, { method: 'POST', body, headers });

  it.each([
    '',
    '{',
    '{"items":[}',
    'null',
    '[]',
    '"text"',
    '1',
    '{"a":1}{"b":2}',
    '\uFEFF{}',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
  ])('whose body is %s is refused', async (body) => {
    const answer = await post(body, json);
    expect([400, 422]).toContain(answer.status);
    expect(answer.body).toMatchObject({
      code: expect.stringMatching(/^(MALFORMED|VALIDATION_FAILED)$/),
      request_id: expect.any(String),
    });
  });

  it('is told of as many fields as a person would read, however many are wrong', async () => {
    const items = Array.from({ length: 100_000 }, () => 0);
    const { status, text, body } = await post(JSON.stringify({ items }), json);
    expect(status).toBe(422);
    expect(body).toMatchObject({ errors: { 'items.0': [expect.any(String)] } });
    expect(text.length).toBeLessThan(10_000);
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ])('in %s is refused', async (type) => {
    const answer = await post(JSON.stringify(checkoutOf(shops.cafe)), { ...json, 'content-type': type });
    expect([400, 415, 422]).toContain(answer.status);
  });

  it.each([
    ['with a lone percent sign', '/%', 400, 'MALFORMED'],
    ['with half of a character', '/s/%ff', 400, 'MALFORMED'],
    ['longer than any', `/o/${'x'.repeat(301)}`, 404, 'NOT_FOUND'],
  ])('to an address %s is answered as a problem', async (_, address, status, code) => {
    const answer = await app.visitor.get(address);
    expect(answer).toMatchObject({ status, body: { status, code, request_id: expect.any(String) } });
    expect(await app.visitor.get(address, { accept: 'text/html' })).toMatchObject({ status });
  });

  it('that is not UTF-8 is refused or replaced, and never fails the server', async () => {
    const bytes = Buffer.from(
      JSON.stringify(checkoutOf(shops.cafe, 'pickup', { notes: '~~' })).replace('~~', '\u00ff\u00fe'),
      'latin1',
    );
    const answer = await post(bytes, json);
    expect([201, 400, 422]).toContain(answer.status);
  });

  it('of more than 256 KiB is refused', async () => {
    const answer = await post(JSON.stringify({ notes: 'x'.repeat(BODY_MAX_BYTES) }), json);
    expect(answer).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
  });

  it('with more lines, choices or depth than a cart has is refused', async () => {
    const latte = line(shops.cafe.products.latte, { choices: { Oat: 1 } });
    for (const many of [
      Array.from({ length: 101 }, () => latte),
      [{ ...latte, customizations: Array.from({ length: 51 }, () => latte.customizations?.[0]) }],
    ]) {
      expect(
        await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { items: many as never })),
      ).toMatchObject({ status: 422 });
    }
    const deep = `{"items":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect([400, 422]).toContain((await post(deep, json)).status);
  });

  it('with a surname of one emoji is taken', async () => {
    const contact = { first_name: '😀', last_name: '😀', email: 'smile@example.com' };
    const placed = expectStatus(
      201,
      await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { contact })),
    );
    const manager = await signIn(app.visitor, 'manager');
    const { body } = await manager.get(`/dashboard/orders/${placed.public_id}.json`);
    expect(body).toMatchObject({ customer_name: '😀 😀.', customer: { name: '😀 😀' } });
  });
});
