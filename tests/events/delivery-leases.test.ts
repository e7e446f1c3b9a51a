import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Database } from '#core/db/database.ts';
import {
  allAre,
  deliveriesOf,
  factFor,
  openDeliveryTest,
  until,
  type DeliveryTest,
} from '../support/deliveries.ts';
import { tracer, tracesOf } from '../support/traces.ts';

let live: DeliveryTest;
let admin: DeliveryTest['admin'];
let commit: DeliveryTest['commit'];
let work: DeliveryTest['work'];

beforeAll(async () => {
  live = await openDeliveryTest();
  ({ admin, commit, work } = live);
});

afterEach(() => live.stopWorkers());
afterAll(() => live.close());

it('turns away a worker that was paused past its lease, before it does anything', async () => {
  const reached = Promise.withResolvers<void>();
  const resumed = Promise.withResolvers<void>();
  const pausing: Pick<Database, 'listener' | 'system'> = {
    system: live.test.database.system,
    listener: (tenant) => {
      const db = live.test.database.listener(tenant);
      const write: typeof db.write = async (handle) => {
        reached.resolve();
        await resumed.promise;
        return db.write(handle);
      };
      return { ...db, write };
    },
  };
  const ran: string[] = [];
  const stale = work([tracer('fenced', () => void ran.push('stale'))], pausing);
  await commit(factFor(['fenced']));
  stale.wake();
  await reached.promise;
  // It claims nothing more: it might take its own delivery over again.
  const stopped = stale.stop();
  work([tracer('fenced', () => void ran.push('next'))]);
  await until(() => allAre(admin, 'fenced', 'done'), 'another worker took over when the lease had ended');
  resumed.resolve();
  await stopped;
  expect(ran).toEqual(['next']);
  expect(await tracesOf(admin, 'fenced')).toHaveLength(1);
  expect(await deliveriesOf(admin, 'fenced')).toMatchObject([
    { state: 'done', attempts: 2, last_error: null },
  ]);
  expect(live.log.lines.at(-1)?.fields).toMatchObject({
    listener: 'fenced',
    failure: expect.stringContaining('LeaseLost'),
  });
});

it('keeps others away from a delivery whose listener is still at work past its lease', async () => {
  const begun = Promise.withResolvers<void>();
  const resumed = Promise.withResolvers<void>();
  const ran: string[] = [];
  const slow = work([
    tracer('slow', async () => {
      ran.push('slow');
      begun.resolve();
      await resumed.promise;
    }),
  ]);
  await commit(factFor(['slow']));
  slow.wake();
  await begun.promise;
  const other = work([tracer('slow', () => void ran.push('other'))]);
  await until(async () => {
    const [row] =
      await admin`SELECT lease_until < now() AS over FROM event_deliveries WHERE listener = 'slow'`;
    return row?.over === true;
  }, 'the lease is over');
  for (let tries = 0; tries < 10; tries++) {
    other.wake();
    await sleep(20);
  }
  resumed.resolve();
  await until(() => allAre(admin, 'slow', 'done'), 'the slow one ends its work');
  expect(ran).toEqual(['slow']);
  expect(await tracesOf(admin, 'slow')).toHaveLength(1);
});

it('calls a delivery dead that took its process down eight times, without a ninth', async () => {
  await commit(factFor(['deadly']));
  await admin`
    UPDATE event_deliveries SET state = 'running', attempts = 8, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second'
    WHERE listener = 'deadly'`;
  work([tracer('deadly')]);
  await until(() => allAre(admin, 'deadly', 'dead'), 'the delivery is dead');
  expect(await tracesOf(admin, 'deadly')).toEqual([]);
  expect((await deliveriesOf(admin, 'deadly'))[0]?.last_error).toContain('ProcessDied');
});

it('leaves a delivery alone whose listener only another release knows', async () => {
  await commit(factFor(['of_tomorrow', 'of_today']));
  work([tracer('of_today')]);
  await until(() => allAre(admin, 'of_today', 'done'), 'the known one is done');
  expect(await deliveriesOf(admin, 'of_tomorrow')).toMatchObject([{ state: 'pending', attempts: 0 }]);
});

it('finishes what it runs when it is stopped, and takes no more', async () => {
  const begun = Promise.withResolvers<void>();
  const resumed = Promise.withResolvers<void>();
  const worker = work([
    tracer('finishing', async () => {
      begun.resolve();
      await resumed.promise;
    }),
  ]);
  await commit(factFor(['finishing'], { entityVersion: 1 }), factFor(['finishing'], { entityVersion: 2 }));
  worker.wake();
  await begun.promise;
  const stopped = worker.stop();
  resumed.resolve();
  await stopped;
  const states = (await deliveriesOf(admin, 'finishing')).map(({ state }) => state);
  expect(states).toEqual(['done', 'pending']);
});

it('delivers what was recorded while nobody woke it', async () => {
  work([tracer('unwoken')]);
  await sleep(50);
  await commit(factFor(['unwoken']));
  await until(() => allAre(admin, 'unwoken', 'done'), 'the timer found it');
  expect(await tracesOf(admin, 'unwoken')).toHaveLength(1);
});
