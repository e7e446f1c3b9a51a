import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PollAnswer } from '#client/protocol.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { until } from '../support/deliveries.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants, type TestStore } from '../support/merchants.ts';
import { expectStatus, orderAt } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const AT_STORE = '/dashboard/notifications';
const OF_MERCHANT = '/dashboard/merchant/notifications';

interface Page {
  data: { id: string; kind: string; title: string; store: string | null }[];
  next_cursor: string | null;
}

let app: TestApp;
let shops: TestMerchants;
let owner: HttpClient;
let barista: HttpClient;
/** Two were told of at the cafe, one at the roastery of the same merchant. */
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  owner = await signIn(app.visitor, 'owner', shops.cafe);
  barista = await signIn(app.visitor, 'barista');
  await cancelledOrder(shops.cafe);
  await cancelledOrder(shops.cafe);
  await cancelledOrder(shops.roastery);
  await until(async () => (await app.admin`SELECT FROM notifications`).length === 3, 'all are told of');
});
afterAll(() => app.close());

async function cancelledOrder(store: TestStore): Promise<void> {
  const staff = await signIn(app.visitor, 'owner', store);
  await orderAt('cancelled', { customer: app.visitor, staff, store, fulfilment: 'shipping' });
}

const told = (number: number) => `Order #${number} was cancelled`;
const list = async (staff: HttpClient, path: string, query = '') =>
  expectStatus(200, await staff.get<Page>(`${path}.json${query}`));
const titles = async (staff: HttpClient, path: string) =>
  (await list(staff, path)).data.map(({ title }) => title);

it('notifications are read by those of the store, the newest first', async () => {
  expect(await titles(barista, AT_STORE)).toEqual([told(1002), told(1001)]);
  expect((await list(barista, AT_STORE)).data[0]).toMatchObject({
    kind: 'order_cancelled',
    store: shops.cafe.id,
  });
  expect(await titles(await signIn(app.visitor, 'owner', shops.roastery), AT_STORE)).toEqual([told(1001)]);
});

it('notifications are read at all stores by owners alone, and by nobody of another merchant', async () => {
  expect(await titles(owner, OF_MERCHANT)).toHaveLength(3);
  for (const person of ['barista', 'manager'] as const)
    expect((await (await signIn(app.visitor, person)).get(`${OF_MERCHANT}.json`)).status).toBe(403);
  const stranger = await signIn(app.visitor, 'other-owner');
  expect(await titles(stranger, OF_MERCHANT)).toEqual([]);
  expect(await titles(stranger, AT_STORE)).toEqual([]);
});

it('notifications are read page by page', async () => {
  const first = await list(owner, OF_MERCHANT, '?limit=2');
  const rest = await list(owner, OF_MERCHANT, `?limit=2&cursor=${first.next_cursor}`);
  expect(rest.next_cursor).toBeNull();
  const seen = [...first.data, ...rest.data].map(({ id }) => id);
  expect(seen).toEqual((await list(owner, OF_MERCHANT)).data.map(({ id }) => id));
});

it.each([
  ['the store', AT_STORE],
  ['the merchant', OF_MERCHANT],
])('notifications of %s go on from the position of the list', async (_, path) => {
  const position = (await owner.get(`${path}.json`)).headers.get('stream-cursor') ?? '';
  const follow = async () =>
    expectStatus(
      200,
      await owner.get<PollAnswer>(`${path}/events?${new URLSearchParams({ cursor: position })}`),
    );
  expect(await follow()).toMatchObject({ events: [] });
  await cancelledOrder(shops.cafe);
  await until(async () => {
    const answer = await follow();
    return 'events' in answer && answer.events.length === 1;
  }, 'the next one is told');
});
