import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BoardOrder } from '#app/orders/order-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { Answer, HttpClient, Json } from '../support/http-client.ts';
import { CANARY, openMerchants, type TestMerchants } from '../support/merchants.ts';
import { move, orderAt } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const NOBODYS = 'AAAAAAAAAAAAAAAAAAAAAA';

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
/** An order of the café, of the merchant's other store, and of another merchant. */
let orders: Record<'own' | 'of another store' | 'of another merchant', BoardOrder>;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
  const [packer, otherOwner] = [
    await signIn(app.visitor, 'packer'),
    await signIn(app.visitor, 'other-owner'),
  ];
  const accepted = (staff: HttpClient, store: TestMerchants['cafe']) =>
    orderAt('accepted', { customer: app.visitor, staff, store, fulfilment: 'shipping' });
  orders = {
    own: await accepted(manager, shops.cafe),
    'of another store': await accepted(packer, shops.roastery),
    'of another merchant': await accepted(otherOwner, shops.other),
  };
});
afterAll(() => app.close());

/** Everything that can be asked about one order, by its token. */
const asking = {
  'reading it': (staff, { public_id }) => staff.get(`/dashboard/orders/${public_id}.json`),
  'moving it': (staff, order) => move(staff, order, 'packing'),
  'moving it where it cannot go': (staff, order) => move(staff, order, 'delivered'),
  'moving an old version of it': (staff, order) => move(staff, { ...order, version: 1 }, 'packing'),
  'cancelling it': (staff, order) => move(staff, order, 'cancelled'),
  'cancelling it without a reason': (staff, order) => move(staff, order, 'cancelled', { reason: '' }),
} satisfies Record<string, (staff: HttpClient, order: BoardOrder) => Promise<Answer<Json>>>;

const neighbours = ['of another store', 'of another merchant'] as const;

describe.each(neighbours)('an order %s', (whose) => {
  it.each(Object.entries(asking))('is none to staff who are %s', async (_, ask) => {
    const answer = await ask(manager, orders[whose]);
    const nobodys = await ask(manager, { ...orders[whose], public_id: NOBODYS });
    expect(answer).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
    expect(comparable(answer)).toEqual(comparable(nobodys));
  });

  it('is what it was afterwards', async () => {
    const [row] =
      await app.admin`SELECT status, version::int FROM orders WHERE public_id = ${orders[whose].public_id}`;
    expect(row).toEqual({ status: 'accepted', version: 2 });
  });

  it('is on no page: not on the board, in the history, or behind a search', async () => {
    const number = orders[whose].order_number;
    const paths = [
      '/dashboard/board.json',
      '/dashboard',
      '/dashboard/orders',
      `/dashboard/orders?search=${encodeURIComponent(number)}`,
      '/dashboard/orders?search=Robin',
    ];
    for (const path of paths) {
      const { text, status } = await manager.get(path);
      expect(status).toBe(200);
      expect(text).toContain(orders.own.public_id);
      expect(text, path).not.toContain(orders[whose].public_id);
      expect(text, path).not.toContain(CANARY);
    }
  });
});

describe('a position in the events', () => {
  it('of another store does not open its events', async () => {
    const packer = await signIn(app.visitor, 'packer');
    const { body } = await packer.get<{ cursor: string }>('/dashboard/board.json');
    const walk = {
      customer: app.visitor,
      staff: packer,
      store: shops.roastery,
      fulfilment: 'pickup',
    } as const;
    const { public_id } = await orderAt('accepted', walk);
    const events = (staff: HttpClient) => staff.get(`/dashboard/board/events?cursor=${body.cursor}`);
    expect((await events(packer)).text).toContain(public_id);
    expect((await events(manager)).text).not.toContain(public_id);
  });
});

describe('the orders of all stores', () => {
  it('are an owner’s, one store at a time', async () => {
    const owner = await signIn(app.visitor, 'owner', shops.roastery);
    const read = ({ public_id }: BoardOrder) => owner.get(`/dashboard/orders/${public_id}.json`);
    expect(await read(orders['of another store'])).toMatchObject({ status: 200 });
    expect(await read(orders.own)).toMatchObject({ status: 404 });
    expect(await read(orders['of another merchant'])).toMatchObject({ status: 404 });
  });
});

function comparable({ status, text, headers }: Answer<Json>) {
  const shown = [...headers].filter(
    ([name]) => !['date', 'content-security-policy', 'content-length'].includes(name),
  );
  return { status, text: text.replace(/"request_id":"[^"]*"/, ''), headers: Object.fromEntries(shown) };
}
