import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowedNext, stepsOf, type FulfilmentType, type OrderStatus } from '#app/orders/order.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line, move, orderAt } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const STATUSES: readonly OrderStatus[] = [
  'pending',
  'accepted',
  'in_progress',
  'packing',
  'ready',
  'shipped',
  'completed',
  'delivered',
  'cancelled',
];
const FULFILMENTS = ['pickup', 'shipping'] as const;

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
  // The walks below ship many shirts.
  await app.admin`UPDATE stock_levels SET quantity = 1000`;
});
afterAll(() => app.close());

const at = (status: OrderStatus, fulfilment: FulfilmentType) =>
  orderAt(status, { customer: app.visitor, staff: manager, store: shops.cafe, fulfilment });

const reachable = (fulfilment: FulfilmentType): OrderStatus[] => [
  ...stepsOf(fulfilment).map(({ status }) => status),
  'cancelled',
];

/** What the specification draws, written down once more: a slip in the table must not hide in the test. */
const DRAWN: Record<FulfilmentType, Partial<Record<OrderStatus, OrderStatus>>> = {
  pickup: { pending: 'accepted', accepted: 'in_progress', in_progress: 'ready', ready: 'completed' },
  shipping: { pending: 'accepted', accepted: 'packing', packing: 'shipped', shipped: 'delivered' },
};

describe.each(FULFILMENTS)('an order for %s', (fulfilment) => {
  it.each(reachable(fulfilment))('that is %s goes only where the table leads', async (from) => {
    const next = DRAWN[fulfilment][from];
    const allowed = next ? [next, 'cancelled'] : [];
    expect(allowedNext(fulfilment, from)).toEqual(allowed);

    const order = await at(from, fulfilment);
    for (const to of STATUSES.filter((status) => !allowed.includes(status))) {
      const answer = await move(manager, order, to);
      expect(answer, `${from} → ${to}`).toMatchObject({
        status: 409,
        body: {
          code: 'ORDER_CANNOT_ADVANCE',
          from,
          to,
          allowed,
          order: { public_id: order.public_id, status: from },
        },
      });
    }
    for (const to of allowed as OrderStatus[]) {
      const moved = expectStatus(200, await move(manager, await at(from, fulfilment), to));
      expect(moved).toMatchObject({
        status: to,
        version: order.version + 1,
        handled_by: { name: 'manager of A' },
      });
    }
  });

  it('has a moment for each step that it took, in order', async () => {
    const steps = stepsOf(fulfilment);
    const { timeline } = await at(steps.at(-1)?.status ?? 'pending', fulfilment);
    expect(timeline.map(({ status }) => status)).toEqual(steps.map(({ status }) => status));
    const times = timeline.map((step) => step.at);
    expect(times).toEqual(times.toSorted());
  });
});

describe('a parcel', () => {
  it('is shipped only with a tracking code', async () => {
    const order = await at('packing', 'shipping');
    for (const tracking_code of [undefined, null, '', '   ']) {
      expect(await move(manager, order, 'shipped', { tracking_code })).toMatchObject({
        status: 422,
        body: { code: 'TRACKING_CODE_REQUIRED', errors: { tracking_code: ['is required'] } },
      });
    }
    const tracking = { tracking_code: ' AB 12 ', tracking_url: 'https://post.example/AB12' };
    const shipped = expectStatus(200, await move(manager, order, 'shipped', tracking));
    expect(shipped.shipping).toEqual({
      method: 'Alder standard',
      status: 'shipped',
      tracking_code: 'AB 12',
      tracking_url: tracking.tracking_url,
      discount_cents: 0,
      tax_cents: 0,
    });
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '//post.example', 'post.example/AB12', 'https://a b'])(
    'takes no tracking address like %s',
    async (tracking_url) => {
      const order = await at('packing', 'shipping');
      const answer = await move(manager, order, 'shipped', { tracking_url });
      expect(answer).toMatchObject({ status: 422, body: { errors: { tracking_url: expect.any(Array) } } });
    },
  );

  it('says on each step what it does', async () => {
    for (const [status, parcel] of [
      ['accepted', 'pending'],
      ['packing', 'packing'],
      ['delivered', 'delivered'],
    ] as const) {
      expect((await at(status, 'shipping')).shipping?.status).toBe(parcel);
    }
  });
});

async function stock(): Promise<unknown[]> {
  const rows = await app.admin`SELECT quantity FROM stock_levels ORDER BY variant_id`;
  return rows.map(({ quantity }) => quantity);
}

describe('a cancellation', () => {
  it.each([undefined, null, '', '  '])('needs a reason, and %o is none', async (reason) => {
    const answer = await move(manager, await at('accepted', 'pickup'), 'cancelled', { reason });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'REASON_REQUIRED', errors: { reason: ['is required'] } },
    });
  });

  it.each(['pending', 'accepted', 'packing', 'shipped'] as const)(
    'of a %s order gives its stock back, once',
    async (status) => {
      const before = await stock();
      const order = await at(status, 'shipping');
      expect(await stock()).not.toEqual(before);
      const cancelled = expectStatus(200, await move(manager, order, 'cancelled', { reason: ' Sold out ' }));
      expect(cancelled).toMatchObject({ status: 'cancelled', cancel_reason: 'Sold out' });
      expect(await stock()).toEqual(before);

      expect(await move(manager, cancelled, 'cancelled')).toMatchObject({ status: 409 });
      expect(await stock()).toEqual(before);
    },
  );

  it('gives back only what was counted', async () => {
    const items = [
      line(shops.cafe.products.latte, { choices: { Oat: 1 } }),
      line(shops.cafe.products.tee, { variant: 'S', quantity: 3 }),
    ];
    const placed = expectStatus(
      201,
      await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { items })),
    );
    expectStatus(200, await move(manager, { public_id: placed.public_id, version: 1 }, 'cancelled'));
    const rows = await app.admin`
      SELECT delta::int, reason FROM stock_ledger JOIN orders ON orders.id = order_id WHERE public_id = ${placed.public_id} ORDER BY stock_ledger.id`;
    expect(rows).toEqual([
      { delta: -3, reason: 'order_placed' },
      { delta: 3, reason: 'order_cancelled' },
    ]);
  });
});
