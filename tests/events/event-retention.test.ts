import postgres from 'postgres';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { maintainEvents, startMaintenance } from '#core/events/event-maintenance.ts';
import { EVENT_RETENTION_DAYS } from '#core/events/event-partitions.ts';
import { factFor, openDeliveryTest, type DeliveryTest } from '../support/deliveries.ts';

const DAY_MS = 86_400_000;

let live: DeliveryTest;
let owner: postgres.Sql;

beforeEach(async () => {
  live = await openDeliveryTest();
  owner = postgres(live.test.adminUrl, { max: 1, onnotice: () => undefined });
  await owner.unsafe('SET ROLE storeflow_owner');
});

afterEach(async () => {
  await owner.end();
  await live.close();
});

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * DAY_MS);
}

function commitAt(occurredAt: Date, listeners: readonly string[]): Promise<void> {
  return live.commit({ ...factFor(listeners), occurredAt });
}

function settle(listener: string, state: 'pending' | 'running' | 'done' | 'dead') {
  return live.admin`
    UPDATE event_deliveries SET state = ${state}, lease_token = ${state === 'running' ? crypto.randomUUID() : null},
      lease_until = ${state === 'running' ? new Date() : null}
    WHERE listener = ${listener}`;
}

async function kept(): Promise<{ events: number; streamed: number; deliveries: string[] }> {
  const [counts] = await live.admin<{ events: number; streamed: number; deliveries: string[] }[]>`
    SELECT (SELECT count(*)::int FROM domain_events) AS events, (SELECT count(*)::int FROM stream_events) AS streamed,
      ARRAY(SELECT listener FROM event_deliveries ORDER BY listener) AS deliveries`;
  if (!counts) throw new Error('expected counts, received none');
  return counts;
}

async function partitionsOf(day: Date): Promise<string[]> {
  const suffix = `_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
  const rows = await live.admin<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname LIKE ${`%${suffix}`} ORDER BY relname`;
  return rows.map(({ name }) => name.slice(0, -suffix.length));
}

it('keeps a day for as long as promised, then drops it whole; the positions go on', async () => {
  const today = new Date();
  await commitAt(today, ['listener']);
  await settle('listener', 'done');
  await maintainEvents(owner, daysFromNow(EVENT_RETENTION_DAYS));
  expect(await kept()).toEqual({ events: 1, streamed: 1, deliveries: ['listener'] });
  expect(await partitionsOf(today)).toEqual(['domain_events', 'stream_events']);

  await maintainEvents(owner, daysFromNow(EVENT_RETENTION_DAYS + 1));
  expect(await kept()).toEqual({ events: 0, streamed: 0, deliveries: [] });
  expect(await partitionsOf(today)).toEqual([]);
  expect(await live.admin`SELECT last_seq::int FROM stream_heads`).toMatchObject([{ last_seq: 1 }]);
});

it.each(['pending', 'running', 'dead'] as const)(
  'keeps the events of a day with a delivery that is %s, until it is done',
  async (state) => {
    await commitAt(new Date(), ['finished', 'unfinished']);
    await settle('finished', 'done');
    await settle('unfinished', state);
    const later = daysFromNow(EVENT_RETENTION_DAYS + 1);
    await maintainEvents(owner, later);
    expect(await kept()).toEqual({ events: 1, streamed: 0, deliveries: ['unfinished'] });

    await settle('unfinished', 'done');
    await maintainEvents(owner, later);
    expect(await kept()).toEqual({ events: 0, streamed: 0, deliveries: [] });
  },
);

it('prunes history that was written with old dates by the same rule', async () => {
  await commitAt(daysFromNow(-60), ['finished']);
  await commitAt(daysFromNow(-59), ['unfinished']);
  await commitAt(daysFromNow(1 - EVENT_RETENTION_DAYS), ['young']);
  await settle('finished', 'done');
  await settle('young', 'done');
  await maintainEvents(owner, new Date());
  expect(await kept()).toEqual({ events: 2, streamed: 1, deliveries: ['unfinished', 'young'] });
});

it('never lets the owner detach a day that a delivery still refers to', async () => {
  await commitAt(new Date(), ['unfinished']);
  const partition = `domain_events_${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;
  await expect(owner.unsafe(`ALTER TABLE domain_events DETACH PARTITION ${partition}`)).rejects.toMatchObject(
    {
      code: '23503',
    },
  );
});

it('makes the days that are to come', async () => {
  const nextMonth = daysFromNow(30);
  expect(await partitionsOf(nextMonth)).toEqual([]);
  await maintainEvents(owner, daysFromNow(23));
  expect(await partitionsOf(nextMonth)).toEqual(['domain_events', 'stream_events']);
});

it('lets go of a delivery that failed for good, and of its day, when nobody has redriven it for three months', async () => {
  await commitAt(daysFromNow(-89), ['young']);
  await commitAt(daysFromNow(-91), ['old']);
  await settle('young', 'dead');
  await settle('old', 'dead');
  await live.admin`UPDATE event_deliveries SET created_at = day`;
  await maintainEvents(owner, new Date());
  expect(await kept()).toEqual({ events: 1, streamed: 0, deliveries: ['young'] });
});

it('goes on with the other chores when one fails', async () => {
  const errors: unknown[] = [];
  let done = 0;
  const maintenance = startMaintenance({
    adminUrl: live.test.adminUrl,
    chores: [() => Promise.reject(new Error('one of them')), async () => void done++],
    onError: (error) => errors.push(error),
  });
  await maintenance.stop();
  expect({ errors, done }).toMatchObject({ errors: [{ message: 'one of them' }], done: 1 });
});

it('is done once at the start of a server', async () => {
  await commitAt(daysFromNow(-60), []);
  const errors: unknown[] = [];
  const maintenance = startMaintenance({
    adminUrl: live.test.adminUrl,
    chores: [],
    onError: (error) => errors.push(error),
  });
  await maintenance.stop();
  expect(errors).toEqual([]);
  expect(await kept()).toMatchObject({ events: 0 });
});

it('tells of a database that is away, and does not fail', async () => {
  const errors: unknown[] = [];
  const maintenance = startMaintenance({
    adminUrl: 'postgres://nobody@127.0.0.1:1/none',
    chores: [],
    onError: (error) => errors.push(error),
  });
  await maintenance.stop();
  expect(errors).toMatchObject([{ code: 'ECONNREFUSED' }]);
});
