import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PublicOrder } from '#app/orders/order-view.ts';
import type { StoreSettings } from '#app/stores/settings-view.ts';
import type { PublicStore, Slots } from '#app/stores/store-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, move } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const HOUR_MS = 3_600_000;
const SLOT_MS = 15 * 60_000;
/** Of the test's stores. */
const PREPARATION_MS = 10 * 60_000;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
/** Of the test's provider: pays at the second step. */
const CARD_WITH_A_STEP = '4000 0025 0000 3155';

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
beforeAll(async () => {
  app = await testApp({ testPayments: true });
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager', shops.cafe);
});
afterAll(() => app.close());
beforeEach(() => change({ slot_capacity: 1 }));
afterEach(async () => {
  // Whatever was placed must be counted.
  const slots = await app.admin`
    SELECT slot_at, taken FROM store_slots WHERE taken > 0 ORDER BY slot_at`;
  const orders = await app.admin`
    SELECT slot_at, count(*)::int AS taken FROM (
      SELECT slot_at FROM orders WHERE slot_at IS NOT NULL AND status <> 'cancelled'
      UNION ALL SELECT (document -> 'slot' ->> 'at')::timestamptz FROM payments WHERE state = 'pending') AS held
    GROUP BY slot_at ORDER BY slot_at`;
  expect(slots.map((row) => ({ ...row }))).toEqual(orders.map((row) => ({ ...row })));
});

/** Changes settings, and waits until the storefront knows of them. */
async function change(changes: Json): Promise<void> {
  const { version } = (await manager.get<StoreSettings>('/dashboard/settings.json')).body;
  expectStatus(
    200,
    await manager.patch('/dashboard/settings', { version, tagline: randomUUID(), ...changes }),
  );
  const { tagline } = (await manager.get<StoreSettings>('/dashboard/settings.json')).body;
  await expect.poll(seen).toMatchObject({ tagline });
}

async function seen(): Promise<PublicStore> {
  return (await app.visitor.get<PublicStore>('/api/v1/stores/cafe')).body;
}

const order = (changes: Json = {}, key?: string) =>
  checkOut(app.visitor, shops.cafe, { ...checkoutOf(shops.cafe), ...changes }, key);

async function promisedAt(publicId: string): Promise<string> {
  return (await app.visitor.get<PublicOrder>(`/api/v1/orders/${publicId}`)).body.promised_at ?? '';
}

/** The first free times from a day's distance on. */
async function freeTimes(): Promise<string[]> {
  const day = new Date(Date.now() + 48 * HOUR_MS).toLocaleDateString('sv-SE', {
    timeZone: 'Australia/Melbourne',
  });
  const { data } = expectStatus(200, await app.visitor.get<Slots>(`/api/v1/stores/cafe/slots?date=${day}`));
  return data.map(({ starts_at }) => starts_at);
}

describe('the last place of a quarter of an hour', () => {
  it('goes to one of two, and the other is told what is free', async () => {
    const [time = '', next = ''] = await freeTimes();
    const answers = await Promise.all([order({ pickup_time: time }), order({ pickup_time: time })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ code: 'SLOT_TAKEN', errors: { pickup_time: expect.any(Array) } });
    expect(refused?.body).toHaveProperty(['next_slots', 0], next);
    expect(await freeTimes()).not.toContain(time);
  });

  it('is free again when its order is cancelled', async () => {
    const [time = ''] = await freeTimes();
    const { public_id } = expectStatus(201, await order({ pickup_time: time }));
    expectStatus(200, await move(manager, { public_id, version: 1 }, 'cancelled'));
    expect(await freeTimes()).toContain(time);
    expectStatus(201, await order({ pickup_time: time }));
  });

  it('is not taken twice by an order that is sent again', async () => {
    const [time = ''] = await freeTimes();
    const key = randomUUID();
    const first = expectStatus(201, await order({ pickup_time: time }, key));
    expect(expectStatus(201, await order({ pickup_time: time }, key))).toEqual(first);
  });

  it('is held for a customer who is paying', async () => {
    const [time = ''] = await freeTimes();
    const payment = { method: 'test', source: CARD_WITH_A_STEP };
    const { payment_id: id } = expectStatus(202, await order({ pickup_time: time, payment })) as Json;
    expect(await order({ pickup_time: time })).toMatchObject({ status: 409, body: { code: 'SLOT_TAKEN' } });
    const placed = expectStatus(
      201,
      await app.visitor.send<{ public_id: string }>(
        `/api/v1/stores/cafe/payments/${String(id)}/confirmation`,
        { method: 'POST' },
      ),
    );
    expect(await promisedAt(placed.public_id)).toBe(time);
  });
});

describe('orders for as soon as possible', () => {
  it('take the next free times, also when many come at once', async () => {
    const placed = await Promise.all(Array.from({ length: 4 }, () => order()));
    const ids = placed.map((answer) => expectStatus(201, answer).public_id);
    const times = await Promise.all(ids.map(async (id) => Date.parse(await promisedAt(id))));
    expect(new Set(times.map((time) => Math.floor(time / SLOT_MS))).size).toBe(4);
  });

  it('are promised for when a closed store has opened and prepared them', async () => {
    const yesterday = Date.now() - 24 * HOUR_MS;
    const dates = [0, 1, 2].map((days) =>
      new Date(yesterday + days * 24 * HOUR_MS).toISOString().slice(0, 10),
    );
    await change({
      slot_capacity: null,
      opening_hours: EVERY_DAY.map((weekday) => ({ weekday, opens: '09:00', closes: '17:00' })),
      special_days: dates.map((date) => ({ date, name: '', hours: [] })),
    });
    const { opens_at } = (await seen()).ordering;
    const { public_id } = expectStatus(201, await order());
    const afterOpening = (ms: number) => new Date(Date.parse(opens_at ?? '') + ms).toISOString();
    expect(await promisedAt(public_id)).toBe(afterOpening(PREPARATION_MS));
    const closed = afterOpening(-HOUR_MS);
    const refused = await order({ pickup_time: closed });
    expect(refused).toMatchObject({ status: 409, body: { code: 'STORE_CLOSED' } });
    expect((refused.body['next_slots'] as string[])[0]).toBe(afterOpening(SLOT_MS));
    const unprepared = await order({ pickup_time: opens_at });
    expect(unprepared).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    await change({ slot_capacity: 1 });
    const next = await Promise.all([order(), order()]);
    const times = await Promise.all(next.map((each) => promisedAt(expectStatus(201, each).public_id)));
    expect(times.toSorted()).toEqual([afterOpening(PREPARATION_MS), afterOpening(SLOT_MS)]);
    await change({ opening_hours: [], special_days: [] });
  });
});

describe('a paused store', () => {
  it('refuses orders with when it takes them again, and repeats what it said before', async () => {
    const key = randomUUID();
    const first = expectStatus(201, await order({}, key));
    const until = new Date(Date.now() + HOUR_MS).toISOString();
    expectStatus(
      200,
      await manager.send('/dashboard/settings/pause', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ until }),
      }),
    );
    await expect.poll(seen).toMatchObject({ ordering: { status: 'paused' } });
    expect(await order()).toMatchObject({ status: 409, body: { code: 'STORE_PAUSED', opens_at: until } });
    expect(await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'shipping'))).toMatchObject({
      status: 409,
      body: { code: 'STORE_PAUSED' },
    });
    expect(expectStatus(201, await order({}, key))).toEqual(first);
    expectStatus(200, await manager.send('/dashboard/settings/pause', { method: 'DELETE' }));
  });
});
