import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrderStatus } from '#app/orders/order.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus, move, orderAt } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
let barista: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  [manager, barista] = await Promise.all([signIn(app.visitor, 'manager'), signIn(app.visitor, 'barista')]);
});
afterAll(() => app.close());

const at = (status: OrderStatus) =>
  orderAt(status, { customer: app.visitor, staff: manager, store: shops.cafe, fulfilment: 'pickup' });

/** How often the order moved, as each record of it tells. */
async function movesOf(publicId: string) {
  const [row] = await app.admin`
    SELECT version::int, status,
      (SELECT count(*)::int FROM audit_log WHERE entity = 'order' AND entity_id = orders.id) AS audit,
      (SELECT count(*)::int FROM domain_events WHERE entity_id = ${publicId}) AS events,
      (SELECT count(*)::int FROM stream_events WHERE channel = ${`customer.${publicId}.order`}) AS told
    FROM orders WHERE public_id = ${publicId}`;
  return row;
}

describe('two who move one order at once', () => {
  it.each<[string, OrderStatus, OrderStatus]>([
    ['the same step', 'accepted', 'accepted'],
    ['different steps', 'accepted', 'cancelled'],
  ])('to %s: one succeeds, the other is told of the present state', async (_, one, two) => {
    for (let round = 0; round < 5; round++) {
      const order = await at('pending');
      const answers = await Promise.all([move(manager, order, one), move(barista, order, two)]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
      const [won, lost] = answers.toSorted((a, b) => a.status - b.status);
      expect(lost?.body).toMatchObject({ code: 'ORDER_CHANGED', order: won?.body });
      expect(lost?.body['detail']).toContain(won?.body.handled_by?.name);
      expect(await movesOf(order.public_id)).toEqual({
        version: 2,
        status: won?.body.status,
        audit: 2,
        events: 2,
        told: 1,
      });
    }
  });

  it('ten at once leave one move', async () => {
    const order = await at('accepted');
    const answers = await Promise.all(Array.from({ length: 10 }, () => move(manager, order, 'in_progress')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    expect(await movesOf(order.public_id)).toMatchObject({ version: 3, audit: 3, events: 3 });
  });
});

describe('a move from a version that is no more', () => {
  it.each([1, 3, 99])(
    'is refused with the present order, the version being %d instead of 2',
    async (version) => {
      const order = await at('accepted');
      const answer = await move(manager, { ...order, version }, 'in_progress');
      expect(answer).toMatchObject({
        status: 409,
        body: { code: 'ORDER_CHANGED', order: { version: 2, status: 'accepted' } },
      });
      expect(await movesOf(order.public_id)).toMatchObject({ version: 2 });
    },
  );
});

describe('a move whose event cannot be recorded', () => {
  it('leaves nothing: no status, no audit row, no stock', async () => {
    const order = await at('accepted');
    const before = await movesOf(order.public_id);
    await app.admin`ALTER TABLE stream_events ADD CONSTRAINT no_events CHECK (type <> 'OrderStatusUpdated') NOT VALID`;
    const answer = await move(manager, order, 'cancelled');
    await app.admin`ALTER TABLE stream_events DROP CONSTRAINT no_events`;
    expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
    expect(answer.text).not.toMatch(/no_events|constraint|stream_events/);
    expect(await movesOf(order.public_id)).toEqual(before);
    expectStatus(200, await move(manager, order, 'cancelled'));
  });
});

describe('staff without the right to cancel', () => {
  it('may cancel what nobody has accepted, and nothing later', async () => {
    expectStatus(200, await move(barista, await at('pending'), 'cancelled'));
    for (const status of ['accepted', 'in_progress', 'ready'] as const) {
      const order = await at(status);
      expect(await move(barista, order, 'cancelled')).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN' },
      });
      expect(await movesOf(order.public_id)).toMatchObject({ status });
    }
  });

  it('may not by naming the version of the moment after someone accepts', async () => {
    for (let round = 0; round < 10; round++) {
      const order = await at('pending');
      const foreseen = { ...order, version: 2 };
      const [, answer] = await Promise.all([
        move(manager, order, 'accepted'),
        move(barista, foreseen, 'cancelled'),
      ]);
      expect([403, 409]).toContain(answer.status);
    }
  });
});
