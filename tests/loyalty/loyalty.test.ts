import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Checkout } from '#app/checkout/checkout-schemas.ts';
import { placeOrder } from '#app/checkout/place-order.ts';
import { findOrCreateCustomer } from '#app/customers/find-or-create-customer.ts';
import { clawBackPoints } from '#app/loyalty/claw-back-points.ts';
import { storeConfig } from '#app/stores/store-queries.ts';
import type { CustomerId, OrderId } from '#core/values/ids.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { register } from '../support/customers.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkoutOf, checkOut, expectStatus, line, move, orderAt } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

let app: TestApp;
let shops: TestMerchants;
let owner: HttpClient;
let manager: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  [owner, manager] = [await signIn(app.visitor, 'owner', shops.cafe), await signIn(app.visitor, 'manager')];
});
afterAll(() => app.close());

const PROGRAMME = {
  points_per_currency_unit: 2,
  threshold: 100,
  reward: { kind: 'fixed', amount_cents: 500 },
  active: true,
};

const put = (client: HttpClient, body: Json) =>
  client.send<Json>('/dashboard/loyalty', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function programme(changes: Json = {}): Promise<void> {
  const { body } = await owner.get<{ programme: { version: number } | null }>('/dashboard/loyalty.json');
  const version = body.programme?.version ?? 0;
  expectStatus(200, await put(owner, { ...PROGRAMME, ...changes, version }));
}
beforeEach(() => programme());

interface Customer {
  readonly id: CustomerId;
  readonly publicId: string;
  readonly email: string;
}

/** A customer of the merchant, with points given by hand. */
async function customer(points = 0): Promise<Customer> {
  const email = `${randomUUID()}@example.com`;
  const db = app.database.tenant(shops.cafe.tenant);
  const contact = { firstName: 'Ada', lastName: '', email, mobile: null };
  const id = await db.write((tx) => findOrCreateCustomer(tx, contact));
  const [row] = await app.admin<{ public_id: string }[]>`SELECT public_id FROM customers WHERE id = ${id}`;
  const publicId = row?.public_id ?? '';
  if (points > 0) expectStatus(201, await adjust(owner, publicId, points));
  return { id, publicId, email };
}

const adjust = (client: HttpClient, publicId: string, delta: number, reason = 'Good will') =>
  client.post<{ points: number }>(`/dashboard/customers/${publicId}/points`, { delta, reason });

/** Places an order as the customer who is signed in. */
async function redeem({ id, email }: Customer, changes: Partial<Checkout> = {}) {
  const db = app.database.tenant(shops.cafe.tenant);
  const store = await db.read(storeConfig);
  const contact = { first_name: 'Ada', email };
  const checkout = checkoutOf(shops.cafe, 'shipping', { contact, redeem_points: true, ...changes });
  const key = { route: 'checkout', principal: `${id}`, key: randomUUID(), fingerprint: 'x' };
  return db.write((tx) =>
    placeOrder(tx, { store, checkout, key, signedIn: id, requestId: null, now: new Date() }),
  );
}

/** What the customer has, which must be what their ledger adds up to. */
async function balance({ id }: Customer): Promise<number> {
  const [row] = await app.admin<{ points: number; ledger: number }[]>`
    SELECT loyalty_points AS points, (SELECT coalesce(sum(delta), 0)::int FROM loyalty_ledger WHERE customer_id = c.id) AS ledger
    FROM customers c WHERE id = ${id}`;
  expect(row?.ledger).toBe(row?.points);
  return row?.points ?? 0;
}

const heard = ({ publicId }: Customer) => app.admin`
  SELECT payload ->> 'points' AS points, entity_version AS version FROM stream_events
  WHERE channel = ${`customer.${publicId}.loyalty`} ORDER BY seq`;

describe('points', () => {
  it('accrue once the order is delivered, for whole units of its goods, and are told to the customer', async () => {
    const ada = await customer();
    const items = [
      line(shops.cafe.products.latte, { choices: { Oat: 1 } }),
      line(shops.cafe.products.tee, { variant: 'S' }),
    ];
    const placed = await redeem(ada, { redeem_points: false, items });
    let order = { public_id: placed.public_id, version: 1 };
    for (const step of ['accepted', 'packing', 'shipped'] as const)
      order = expectStatus(200, await move(manager, order, step));
    expect(await balance(ada)).toBe(0);
    expectStatus(200, await move(manager, order, 'delivered'));
    expect(await balance(ada)).toBe(Math.floor((510 + 3500) / 100) * 2);
    expect(await heard(ada)).toEqual([{ points: '80', version: 1 }]);
  });

  it('accrue on pickup too, and not while the programme rests', async () => {
    const walk = { customer: app.visitor, staff: manager, store: shops.cafe, fulfilment: 'pickup' } as const;
    const pointsOfOrder = async (publicId: string) => {
      const [row] = await app.admin`
        SELECT coalesce(sum(l.delta), 0)::int AS points FROM orders o LEFT JOIN loyalty_ledger l ON l.order_id = o.id
        WHERE o.public_id = ${publicId}`;
      return row?.['points'];
    };
    expect(await pointsOfOrder((await orderAt('completed', walk)).public_id)).toBe(8);
    await programme({ active: false });
    expect(await pointsOfOrder((await orderAt('completed', walk)).public_id)).toBe(0);
  });

  it('buy the reward at checkout, and come back when the order is cancelled', async () => {
    const ada = await customer(130);
    const placed = await redeem(ada);
    expect(placed.total_cents).toBe(3500 + 900 - 500);
    expect(await balance(ada)).toBe(30);
    const order = await app.visitor.get(`/api/v1/orders/${placed.public_id}`);
    expect(order.body).toMatchObject({ points_spent: 100, totals: { discount_cents: 500 } });
    expectStatus(200, await move(manager, { public_id: placed.public_id, version: 1 }, 'cancelled'));
    expect(await balance(ada)).toBe(130);
    expect((await heard(ada)).map(({ points }) => points)).toEqual(['130', '30', '130']);
  });

  it('lower the price that a signed-in customer is told and pays, over HTTP as everywhere', async () => {
    const email = `${randomUUID()}@example.com`;
    const client = await register(app, shops.cafe, { email });
    const [row] = await app.admin<{ id: CustomerId; public_id: string }[]>`
      SELECT id::int, public_id FROM customers WHERE email = ${email}`;
    expectStatus(201, await adjust(owner, row?.public_id ?? '', 100));
    const items = [line(shops.cafe.products.tee, { variant: 'S' })];
    const told = await client.post('/api/v1/stores/cafe/cart/price', { items, redeem_points: true });
    expect(told.body).toMatchObject({
      discounts: [{ kind: 'loyalty', code: null, points: 100, amount_cents: 500 }],
      totals: { total_cents: 3000 },
    });
    const checkout = checkoutOf(shops.cafe, 'pickup', {
      items,
      redeem_points: true,
      expected_total_cents: 3000,
    });
    expectStatus(201, await checkOut(client, shops.cafe, checkout));
    expect(await checkOut(client, shops.cafe, checkout)).toMatchObject({
      status: 409,
      body: { code: 'LOYALTY_POINTS_TOO_FEW', points: 0, threshold: 100 },
    });
  });

  it('of one reward are spent once by two orders at the same time', async () => {
    const ada = await customer(100);
    const outcomes = await Promise.allSettled([redeem(ada), redeem(ada), redeem(ada)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'LOYALTY_POINTS_TOO_FEW' });
    expect(await balance(ada)).toBe(0);
  });

  it('are not spent without need, without a programme, or by a guest', async () => {
    const ada = await customer(100);
    await app.admin`UPDATE variants SET price_cents = 0 WHERE title = 'L' AND merchant_id = ${shops.cafe.tenant.merchantId}`;
    const items = [line(shops.cafe.products.tee, { variant: 'L' })];
    await expect(redeem(ada, { items })).rejects.toMatchObject({ code: 'LOYALTY_REWARD_NOT_NEEDED' });
    const checkout = checkoutOf(shops.cafe, 'pickup', {
      contact: { first_name: 'Mallory', email: ada.email },
      redeem_points: true,
    });
    expect(await checkOut(app.visitor, shops.cafe, checkout)).toMatchObject({
      status: 409,
      body: { code: 'LOYALTY_SIGN_IN_REQUIRED' },
    });
    await programme({ active: false });
    await expect(redeem(ada)).rejects.toMatchObject({ code: 'LOYALTY_NOT_OFFERED' });
    expect(await balance(ada)).toBe(100);
  });
});

async function delivered(ada: Customer) {
  const placed = await redeem(ada, { redeem_points: false });
  let order = { public_id: placed.public_id, version: 1 };
  for (const step of ['accepted', 'packing', 'shipped', 'delivered'] as const)
    order = expectStatus(200, await move(manager, order, step));
  const [row] = await app.admin<
    { id: OrderId }[]
  >`SELECT id::int FROM orders WHERE public_id = ${placed.public_id}`;
  return row?.id as OrderId;
}
const clawBack = (ada: Customer, orderId: OrderId, refundedCents: number) =>
  app.database.tenant(shops.cafe.tenant).write((tx) =>
    clawBackPoints(tx, {
      orderId,
      customerId: ada.id,
      refundedCents,
      totalCents: 4400,
      at: new Date(),
    }),
  );

describe('a refund', () => {
  it('takes back the share of the points that its order earned, and all of them in the end', async () => {
    const ada = await customer();
    const orderId = await delivered(ada);
    expect(await balance(ada)).toBe(70);
    await clawBack(ada, orderId, 1100);
    expect(await balance(ada)).toBe(52);
    await clawBack(ada, orderId, 4400);
    expect(await balance(ada)).toBe(0);
    expect(await clawBack(ada, orderId, 4400)).toBeNull();
  });

  it('takes no more than the customer still has', async () => {
    const ada = await customer();
    const orderId = await delivered(ada);
    expectStatus(201, await adjust(owner, ada.publicId, -60));
    await clawBack(ada, orderId, 4400);
    expect(await balance(ada)).toBe(0);
  });
});

describe('points given by hand', () => {
  it('stand in the ledger with their reason, newest first, and in the audit log', async () => {
    const ada = await customer(100);
    expect((await adjust(owner, ada.publicId, -30, '  Mistake ')).body).toEqual({ points: 70 });
    const { body } = await owner.get(`/dashboard/customers/${ada.publicId}/points.json?limit=1`);
    expect(body).toMatchObject({
      data: [{ delta: -30, reason: 'adjustment', note: 'Mistake', order_number: null }],
      next_cursor: expect.stringMatching(/^lo_/),
    });
    const rest = await owner.get(
      `/dashboard/customers/${ada.publicId}/points.json?cursor=${String(body['next_cursor'])}`,
    );
    expect(rest.body).toMatchObject({ data: [{ delta: 100 }], next_cursor: null });
    const audit = await app.admin`
      SELECT before, after FROM audit_log WHERE action = 'loyalty.adjusted' AND entity_id = ${ada.id} ORDER BY id DESC LIMIT 1`;
    expect(audit).toEqual([{ before: { points: 100 }, after: { points: 70 } }]);
  });

  it('never take more than there are, and never nothing', async () => {
    const ada = await customer(10);
    for (const delta of [-11, 0])
      expect(await adjust(owner, ada.publicId, delta)).toMatchObject({
        status: 422,
        body: { errors: { delta: [expect.any(String)] } },
      });
    expect(await balance(ada)).toBe(10);
  });

  it('are for customers of the merchant', async () => {
    const ada = await customer();
    const stranger = await signIn(app.visitor, 'other-owner');
    expect(await adjust(stranger, ada.publicId, 5)).toMatchObject({
      status: 404,
      body: { code: 'CUSTOMER_NOT_FOUND' },
    });
  });
});

const entrust = (client: HttpClient, managers_may_manage: boolean) =>
  client.patch('/dashboard/loyalty/managers', { managers_may_manage });

describe('the programme', () => {
  it('is managers’ only where the merchant entrusts them with it', async () => {
    expect(await manager.get('/dashboard/loyalty.json')).toMatchObject({ status: 403 });
    expect(await put(manager, { ...PROGRAMME, version: 1 })).toMatchObject({ status: 403 });
    expect(await entrust(manager, true)).toMatchObject({ status: 403 });
    expectStatus(200, await entrust(owner, true));
    expect(await manager.get('/dashboard/loyalty.json')).toMatchObject({
      status: 200,
      body: { programme: PROGRAMME, managers_may_manage: true },
    });
    expectStatus(200, await entrust(owner, false));
  });

  it('is changed at the version that was looked at', async () => {
    expect(await put(owner, { ...PROGRAMME, version: 0 })).toMatchObject({
      status: 409,
      body: { code: 'LOYALTY_CHANGED', version: expect.any(Number) },
    });
  });

  it.each([
    ['a reward of both kinds', { reward: { kind: 'fixed', amount_cents: 1, percent: 1 } }],
    ['a threshold of nothing', { threshold: 0 }],
    ['a reward above the whole', { reward: { kind: 'percentage', percent: 101 } }],
  ])('cannot have %s', async (_, changes) => {
    expect(await put(owner, { ...PROGRAMME, ...changes, version: 1 })).toMatchObject({ status: 422 });
  });
});
