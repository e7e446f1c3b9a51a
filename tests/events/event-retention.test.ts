import postgres from 'postgres';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { maintainEvents, pruneExpired, startMaintenance } from '#core/events/event-maintenance.ts';
import { EVENT_RETENTION_DAYS } from '#core/events/event-partitions.ts';
import { mediaFolder } from '#core/files/media.ts';
import { chores } from '#start/chores.ts';
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

it('forgets idempotency keys after a day, and tickets that have expired', async () => {
  const { merchantId, storeId } = live.shop.tenant;
  await live.admin`
    INSERT INTO idempotency_keys (merchant_id, store_id, route, principal, key, fingerprint, reference, created_at)
    VALUES (${merchantId}, ${storeId}, 'checkout', 'guest', 'yesterday', 'f', 'r', now() - interval '25 hours'),
      (${merchantId}, ${storeId}, 'checkout', 'guest', 'this-morning', 'f', 'r', now() - interval '23 hours')`;
  await live.admin`
    INSERT INTO directory_realtime_tickets (token_hash, merchant_id, session_id, expires_at)
    SELECT token::bytea, ${merchantId}, staff_sessions.id, now() + age
    FROM staff_sessions, (VALUES ('expired', interval '-1 second'), ('fresh', interval '1 minute')) AS ticket (token, age)`;
  await pruneExpired(live.test.database.system);
  expect(await live.admin`SELECT key FROM idempotency_keys`).toMatchObject([{ key: 'this-morning' }]);
  expect(
    await live.admin`SELECT convert_from(token_hash, 'UTF8') AS token FROM directory_realtime_tickets`,
  ).toMatchObject([{ token: 'fresh' }]);
});

it('prunes what mails became after half a year, and places in past quarters of an hour after a week', async () => {
  const { merchantId, storeId } = live.shop.tenant;
  await live.admin`
    INSERT INTO mail_log (merchant_id, event_id, mailing, mail, outcome, at)
    SELECT ${merchantId}, gen_random_uuid(), mailing, 'order_placed', 'sent', now() - age
    FROM (VALUES ('old', interval '181 days'), ('young', interval '179 days')) AS mail (mailing, age)`;
  await live.admin`
    INSERT INTO store_slots (merchant_id, store_id, slot_at, taken)
    SELECT ${merchantId}, ${storeId}, date_trunc('hour', now()) - age, taken
    FROM (VALUES (8, interval '8 days'), (6, interval '6 days')) AS slot (taken, age)`;
  const errors: unknown[] = [];
  const maintenance = startMaintenance({
    adminUrl: live.test.adminUrl,
    system: live.test.database.system,
    chores: [() => Promise.reject(new Error('another chore')), ...chores(mediaFolder('none'))],
    onError: (error) => errors.push(error),
  });
  await maintenance.stop();
  expect(errors).toMatchObject([{ message: 'another chore' }]);
  expect(await live.admin`SELECT mailing FROM mail_log`).toEqual([{ mailing: 'young' }]);
  expect(await live.admin`SELECT taken FROM store_slots`).toEqual([{ taken: 6 }]);
});

it('is done once at the start of a server', async () => {
  await commitAt(daysFromNow(-60), []);
  const errors: unknown[] = [];
  const maintenance = startMaintenance({
    adminUrl: live.test.adminUrl,
    system: live.test.database.system,
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
    system: live.test.database.system,
    chores: [],
    onError: (error) => errors.push(error),
  });
  await maintenance.stop();
  expect(errors).toMatchObject([{ code: 'ECONNREFUSED' }]);
});
