import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Matter } from '#core/events/event.ts';
import { subscribe, type Listener } from '#core/events/listener.ts';
import { record } from '#core/events/record.ts';
import { redriveDeliveries } from '#core/events/redrive-deliveries.ts';
import { backoffMs } from '#core/events/settle-delivery.ts';
import { createMerchant } from '../support/database.ts';
import {
  allAre,
  deliveriesOf,
  factFor,
  openDeliveryTest,
  until,
  type DeliveryTest,
} from '../support/deliveries.ts';
import { leaveTrace, tracer, tracesOf } from '../support/traces.ts';

let live: DeliveryTest;
let admin: DeliveryTest['admin'];
let commit: DeliveryTest['commit'];
let work: DeliveryTest['work'];

beforeAll(async () => {
  live = await openDeliveryTest();
  ({ admin, commit, work } = live);
});

const forSome = (entityId: string) => factFor(['asked_for?', 'for_all'], { entityId });

afterEach(() => live.stopWorkers());
afterAll(() => live.close());

it('brings each event to each of its listeners exactly once, however many workers are woken however often', async () => {
  const listeners = [tracer('once_a'), tracer('once_b')];
  const several = [work(listeners), work(listeners), work(listeners)];
  await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      await commit(factFor(['once_a', 'once_b'], { entityId: `once-${index}` }));
      for (const worker of several) worker.wake();
    }),
  );
  await until(() => allAre(admin, 'once_a', 'done'), 'all deliveries to a are done');
  await until(() => allAre(admin, 'once_b', 'done'), 'all deliveries to b are done');
  for (const name of ['once_a', 'once_b']) {
    const keys = (await tracesOf(admin, name)).map(({ key }) => key);
    expect(keys).toHaveLength(40);
    expect(new Set(keys).size).toBe(40);
  }
});

it('brings what is heard by subscription to the merchants that asked for it, from then on', async () => {
  const { merchantId, storeId } = await createMerchant(admin);
  const other = live.test.database.tenant({ merchantId, storeId });
  await commit(forSome('before'));
  await live.shop.write((tx) => subscribe(tx, 'asked_for'));
  await live.shop.write((tx) => subscribe(tx, 'asked_for'));
  await commit(forSome('after'));
  await other.write((tx) => record(tx, forSome('of another')));
  work([tracer('asked_for'), tracer('for_all')]);
  await until(
    async () => (await tracesOf(admin, 'for_all')).length === 3,
    'all events came to whom all is told',
  );
  await until(() => allAre(admin, 'asked_for', 'done'), 'what was asked for has come');
  expect((await tracesOf(admin, 'asked_for')).map(({ key }) => key)).toEqual(['after']);
});

it('brings a listener nothing that is none of its concern, though an earlier release made a delivery of it', async () => {
  const careful = { ...tracer('careful'), concerns: ({ payload }: Matter) => payload['version'] === 2 };
  await commit(factFor(['careful'], { entityId: 'care-1', entityVersion: 1 }));
  await commit(factFor(['careful'], { entityId: 'care-2', entityVersion: 2 }));
  work([careful]);
  await until(() => allAre(admin, 'careful', 'done'), 'both deliveries are done');
  expect((await tracesOf(admin, 'careful')).map(({ key }) => key)).toEqual([
    expect.stringContaining('care-2'),
  ]);
});

it('leaves neither event nor delivery of a command that rolls back', async () => {
  const broken = live.shop.write(async (tx) => {
    record(tx, factFor(['rolled_back'], { entityId: 'never' }));
    throw new Error('the command failed after it recorded');
  });
  await expect(broken).rejects.toThrow('the command failed');
  const events = await admin`SELECT FROM domain_events WHERE entity_id = 'never'`;
  const positions = await admin`SELECT FROM stream_heads WHERE channel = 'things.never'`;
  expect([events.length, positions.length]).toEqual([0, 0]);
  expect(await deliveriesOf(admin, 'rolled_back')).toEqual([]);
});

it('runs the deliveries of one key one after another in the order of commits, under parallel workers', async () => {
  const KEYS = 5;
  const EVENTS_OF_KEY = 12;
  const atWork = new Set<string>();
  const overlaps: string[] = [];
  const seen = new Map<string, unknown[]>();
  const listener: Listener = {
    name: 'in_order',
    handle: async (tx, event) => {
      if (atWork.has(event.entityId)) overlaps.push(event.entityId);
      atWork.add(event.entityId);
      await sleep(Math.random() * 8);
      await leaveTrace(tx, event, 'in_order');
      seen.set(event.entityId, [...(seen.get(event.entityId) ?? []), event.payload['version']]);
      atWork.delete(event.entityId);
    },
  };
  for (let version = 1; version <= EVENTS_OF_KEY; version += 2) {
    for (let key = 0; key < KEYS; key++) {
      const entityId = `key-${key}`;
      await commit(
        factFor(['in_order'], { entityId, entityVersion: version }),
        factFor(['in_order'], { entityId, entityVersion: version + 1 }),
      );
    }
  }
  for (let count = 0; count < 4; count++) work([listener]);
  await until(() => allAre(admin, 'in_order', 'done'), 'all are done');
  expect(overlaps).toEqual([]);
  const inOrder = Array.from({ length: EVENTS_OF_KEY }, (_, index) => index + 1);
  expect([...seen.values()]).toEqual(Array.from({ length: KEYS }, () => inOrder));
  expect(await tracesOf(admin, 'in_order')).toHaveLength(KEYS * EVENTS_OF_KEY);
});

it('lets a poisonous event die after eight attempts; other keys flow meanwhile, its own key after', async () => {
  let attempts = 0;
  const worker = work([
    tracer('poisoned', ({ payload, entityId }) => {
      if (entityId !== 'poison' || payload['version'] !== 1) return;
      attempts += 1;
      throw new RangeError('could not write to jane@example.com');
    }),
  ]);
  await commit(factFor(['poisoned'], { entityId: 'poison', entityVersion: 1 }));
  await commit(factFor(['poisoned'], { entityId: 'poison', entityVersion: 2 }));
  await commit(factFor(['poisoned'], { entityId: 'healthy' }));
  worker.wake();
  await until(async () => (await tracesOf(admin, 'poisoned')).length === 1, 'the healthy key flows');
  expect(await tracesOf(admin, 'poisoned')).toMatchObject([{ key: 'healthy' }]);

  const [poison] = await deliveriesOf(admin, 'poisoned');
  await until(async () => {
    await admin`UPDATE event_deliveries SET next_attempt_at = now() WHERE listener = 'poisoned' AND state = 'pending'`;
    worker.wake();
    return (await tracesOf(admin, 'poisoned')).length === 2;
  }, 'the next event of the key runs once the first is dead');
  const [dead, next] = await deliveriesOf(admin, 'poisoned');
  expect(attempts).toBe(8);
  expect(dead).toMatchObject({ event_id: poison?.event_id, state: 'dead', attempts: 8 });
  expect(next).toMatchObject({ state: 'done', attempts: 1 });
  expect(dead?.last_error).toMatch(/^RangeError at .*tests\/events\/deliveries\.test\.ts:\d+/);
  expect(JSON.stringify(live.log.lines)).not.toContain('jane@example.com');
});

it('waits four times as long after each failure, up to a quarter of an hour', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((attempts) => backoffMs(attempts) / 1000);
  expect(pauses).toEqual([2, 8, 32, 128, 512, 900, 900]);
});

it('gives a dead delivery all its attempts again when it is redriven', async () => {
  let ill = true;
  const worker = work([
    tracer('cured', () => {
      if (ill) throw new Error('ill');
    }),
  ]);
  await commit(factFor(['cured']));
  await until(async () => {
    await admin`UPDATE event_deliveries SET next_attempt_at = now() WHERE listener = 'cured' AND state = 'pending'`;
    worker.wake();
    return allAre(admin, 'cured', 'dead');
  }, 'the delivery is dead');
  ill = false;
  const { merchantId } = live.shop.tenant;
  expect(await redriveDeliveries(live.test.database, { merchantId, listener: 'another' })).toBe(0);
  expect(await redriveDeliveries(live.test.database, { merchantId, listener: 'cured' })).toBe(1);
  worker.wake();
  await until(() => allAre(admin, 'cured', 'done'), 'the delivery is done');
  expect(await deliveriesOf(admin, 'cured')).toMatchObject([{ attempts: 1, last_error: null }]);
  expect(await tracesOf(admin, 'cured')).toHaveLength(1);
});

it('gives listeners no right to change the domain', async () => {
  const worker = work([
    {
      name: 'meddler',
      handle: async (tx, event) => {
        await leaveTrace(tx, event, 'meddler');
        await tx.sql`UPDATE orders SET notes = 'changed' WHERE merchant_id = ${tx.tenant.merchantId}`;
      },
    },
  ]);
  await commit(factFor(['meddler']));
  worker.wake();
  await until(async () => (await deliveriesOf(admin, 'meddler'))[0]?.attempts === 1, 'it was tried');
  await worker.stop();
  const [delivery] = await deliveriesOf(admin, 'meddler');
  expect(delivery).toMatchObject({
    state: 'pending',
    last_error: expect.stringMatching(/^PostgresError 42501/),
  });
  expect(await tracesOf(admin, 'meddler')).toEqual([]);
});

it('binds a listener to the merchant and store of the event', async () => {
  const stranger = await createMerchant(admin);
  const heard: unknown[] = [];
  work([
    {
      name: 'bound',
      handle: async (tx, event) => {
        const merchants = await tx.sql<{ id: number }[]>`SELECT id FROM merchants`;
        heard.push({ tenant: tx.tenant, storeId: event.storeId, merchants: merchants.map(({ id }) => id) });
      },
    },
  ]);
  const { merchantId, storeId } = stranger;
  await live.test.database.tenant({ merchantId, storeId }).write((tx) => record(tx, factFor(['bound'])));
  await until(() => allAre(admin, 'bound', 'done'), 'the delivery is done');
  expect(heard).toEqual([{ tenant: { merchantId, storeId }, storeId, merchants: [merchantId] }]);
});
