import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

interface Change {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What there is of it now. */
  readonly count: () => Promise<unknown>;
}

let app: TestApp;
let shops: TestMerchants;
let owner: HttpClient;
let points: Change;
let pieces: Change;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  owner = await signIn(app.visitor, 'owner', shops.cafe);
  expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe)));
  const [customer] = await app.admin<{ public_id: string }[]>`SELECT public_id FROM customers`;
  points = {
    path: `/dashboard/customers/${customer?.public_id}/points`,
    body: { delta: 5, reason: 'Good will' },
    count: async () =>
      (
        await app.admin`SELECT loyalty_points AS n FROM customers WHERE public_id = ${customer?.public_id ?? ''}`
      )[0]?.['n'],
  };
  const [variant] = shops.cafe.products.tee.variants;
  const level = `/dashboard/variants/${variant?.id}/stock.json`;
  pieces = {
    path: '/dashboard/stock-adjustments',
    body: { variant_id: variant?.id, delta: 5, reason_note: 'Delivered' },
    count: async () => (await owner.get(level)).body['quantity'],
  };
  expectStatus(201, await owner.post(pieces.path, { ...pieces.body, delta: undefined, quantity: 0 }));
});
afterAll(() => app.close());

const send = ({ path, body }: Change, key: string) => owner.post(path, body, { 'idempotency-key': key });

describe.each([
  ['points given by hand', () => points],
  ['pieces that came', () => pieces],
])('%s', (_, change) => {
  it('are counted once under one key, also by two requests at once, and told as often as asked', async () => {
    const before = Number(await change().count());
    const key = randomUUID();
    const answers = await Promise.all([send(change(), key), send(change(), key)]);
    answers.push(await send(change(), key));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await change().count()).toBe(before + 5);
  });

  it('are counted each time under other keys and without one', async () => {
    const before = Number(await change().count());
    for (const answer of [
      await send(change(), randomUUID()),
      await send(change(), randomUUID()),
      await owner.post(change().path, change().body),
      await owner.post(change().path, change().body),
    ])
      expect(answer.status).toBe(201);
    expect(await change().count()).toBe(before + 20);
  });

  it('are refused under a key that was used for something else, or is none', async () => {
    const before = await change().count();
    const key = randomUUID();
    expectStatus(201, await send({ ...change(), body: { ...change().body, delta: 1 } }, key));
    expect(await send(change(), key)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect((await send(change(), 'short')).status).toBe(422);
    expect(await change().count()).toBe(Number(before) + 1);
  });
});
