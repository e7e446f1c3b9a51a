import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BoardOrder, OrderDetail, PublicOrder } from '#app/orders/order-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus, move, orderAt } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const HOUR_MS = 3_600_000;

let app: TestApp;
let shops: TestMerchants;
let barista: HttpClient;
let stranger: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  barista = await signIn(app.visitor, 'barista', shops.cafe);
  stranger = await signIn(app.visitor, 'other-owner', shops.other);
});
afterAll(() => app.close());

const walk = (fulfilment: 'pickup' | 'shipping') =>
  ({ customer: app.visitor, staff: barista, store: shops.cafe, fulfilment }) as const;
const note = (staff: HttpClient, id: string, text: string) =>
  staff.post<Json>(`/dashboard/orders/${id}/notes`, { text });
const parcel = (staff: HttpClient, { public_id, version }: BoardOrder, shipping_status: string) =>
  staff.patch<BoardOrder & Json>(`/dashboard/orders/${public_id}/shipping-status`, {
    shipping_status,
    version,
  });
const detail = async (id: string) =>
  expectStatus(200, await barista.get<OrderDetail>(`/dashboard/orders/${id}.json`));
const publicView = async (id: string) => (await app.visitor.get<PublicOrder>(`/api/v1/orders/${id}`)).body;

const later = () => new Date(Date.now() + 2 * HOUR_MS).toISOString();

describe('notes of staff', () => {
  it('stand at the order and in its history, with who wrote them, and not before its customer', async () => {
    const { public_id: id } = await orderAt('accepted', walk('pickup'));
    expectStatus(201, await note(barista, id, ' Rang: comes later '));
    const told = expectStatus(201, await note(barista, id, 'Paid already'));
    const notes = [
      { text: 'Rang: comes later', by: 'barista of A', at: expect.any(String) },
      { text: 'Paid already', by: 'barista of A', at: expect.any(String) },
    ];
    expect(told).toEqual(notes);
    const { staff_notes, history } = await detail(id);
    expect(staff_notes).toEqual(notes);
    expect(history.map(({ action, by, text }) => [action, by, text])).toEqual([
      ['order.placed', 'Customer', null],
      ['order.accepted', 'barista of A', null],
      ['order.noted', 'barista of A', 'Rang: comes later'],
      ['order.noted', 'barista of A', 'Paid already'],
    ]);
    expect(JSON.stringify(await publicView(id))).not.toContain('Rang');
  });

  it('are refused when they are empty or too long, and at orders of others', async () => {
    const { public_id: id } = await orderAt('pending', walk('pickup'));
    for (const text of ['', '  ', 'x'.repeat(1001)]) expect((await note(barista, id, text)).status).toBe(422);
    expect(await note(stranger, id, 'Mine?')).toMatchObject({
      status: 404,
      body: { code: 'ORDER_NOT_FOUND' },
    });
    expect((await detail(id)).staff_notes).toEqual([]);
  });
});

describe('a shipped parcel', () => {
  it('may be lost and found again, and come back, while its order stays where it is', async () => {
    let order = await orderAt('shipped', walk('shipping'));
    for (const status of ['lost', 'shipped', 'returned'] as const) {
      order = expectStatus(200, await parcel(barista, order, status));
      expect(order).toMatchObject({ status: 'shipped', shipping: { status } });
      expect((await publicView(order.public_id)).shipping?.status).toBe(status);
    }
    const events = await app.admin`
      SELECT payload ->> 'shipping_status' AS status FROM domain_events
      WHERE entity = 'shipment' AND entity_id = ${order.public_id} ORDER BY entity_version`;
    expect(events.slice(-3).map(({ status }) => status)).toEqual(['lost', 'shipped', 'returned']);
    const { history } = await detail(order.public_id);
    expect(history.slice(-3).map(({ action }) => action)).toEqual([
      'parcel.lost',
      'parcel.shipped',
      'parcel.returned',
    ]);
    expect(await parcel(barista, order, 'lost')).toMatchObject({
      status: 409,
      body: { code: 'ORDER_CANNOT_ADVANCE', allowed: [] },
    });
  });

  it('may come back after it was delivered, and be marked so by one of two at once', async () => {
    const order = await orderAt('delivered', walk('shipping'));
    const answers = await Promise.all([
      parcel(barista, order, 'returned'),
      parcel(barista, order, 'returned'),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'ORDER_CHANGED' });
  });

  it('is not lost before it is shipped, nor by others', async () => {
    const order = await orderAt('packing', walk('shipping'));
    expect(await parcel(barista, order, 'lost')).toMatchObject({ status: 409, body: { allowed: [] } });
    expect(await parcel(stranger, order, 'lost')).toMatchObject({ status: 404 });
    const pickup = await orderAt('ready', walk('pickup'));
    expect(await parcel(barista, pickup, 'lost')).toMatchObject({ status: 409 });
  });
});

describe('accepting an order', () => {
  it('may move the promised time, which its customer and its history are told', async () => {
    const order = await orderAt('pending', walk('pickup'));
    const promised_at = later();
    expect(expectStatus(200, await move(barista, order, 'accepted', { promised_at }))).toMatchObject({
      promised_at,
    });
    expect((await publicView(order.public_id)).promised_at).toBe(promised_at);
    const [event] = await app.admin`
      SELECT payload ->> 'promised_at' AS promised_at FROM stream_events
      WHERE channel = ${`customer.${order.public_id}.order`} ORDER BY seq DESC LIMIT 1`;
    expect(event).toEqual({ promised_at });
    expect((await detail(order.public_id)).history.at(-1)).toMatchObject({
      action: 'order.accepted',
      text: promised_at,
    });
  });

  it('takes its place in a quarter of an hour along', async () => {
    await app.admin`UPDATE stores SET slot_capacity = 1 WHERE id = ${shops.cafe.tenant.storeId}`;
    await app.admin`UPDATE orders SET slot_at = NULL`;
    const order = await orderAt('pending', walk('pickup'));
    const slot = new Date(Math.floor(Date.parse(later()) / 900_000) * 900_000);
    await app.admin`
      INSERT INTO store_slots (merchant_id, store_id, slot_at, taken)
      SELECT merchant_id, store_id, date_bin('15 minutes', promised_at, 'epoch'), 1 FROM orders WHERE public_id = ${order.public_id}
      ON CONFLICT DO NOTHING`;
    await app.admin`UPDATE orders SET slot_at = date_bin('15 minutes', promised_at, 'epoch') WHERE public_id = ${order.public_id}`;
    expectStatus(200, await move(barista, order, 'accepted', { promised_at: later() }));
    const taken = await app.admin`SELECT slot_at FROM store_slots WHERE taken > 0`;
    expect(taken.map(({ slot_at }) => slot_at)).toEqual([slot]);
    await app.admin`UPDATE stores SET slot_capacity = NULL`;
  });

  it.each([
    ['to the past', () => new Date(Date.now() - HOUR_MS).toISOString(), 'pickup', 'accepted'],
    ['beyond a month', () => new Date(Date.now() + 40 * 24 * HOUR_MS).toISOString(), 'pickup', 'accepted'],
    ['of an order that ships', later, 'shipping', 'accepted'],
    ['when it is cancelled', later, 'pickup', 'cancelled'],
  ] as const)('does not move it %s', async (_, time, fulfilment, status) => {
    const order = await orderAt('pending', walk(fulfilment));
    expect(await move(barista, order, status, { promised_at: time() })).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_FAILED', errors: { promised_at: expect.any(Array) } },
    });
    expect((await detail(order.public_id)).status).toBe('pending');
  });
});
