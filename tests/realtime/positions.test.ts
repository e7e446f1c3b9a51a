import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantDb } from '#core/db/tenant.ts';
import type { RecordedEvent } from '#core/events/event.ts';
import { record } from '#core/events/record.ts';
import { createMerchant, testDatabase, type TestDatabase } from '../support/database.ts';
import { anEvent } from '../support/realtime.ts';

const WRITERS = 64;
const WRITES_EACH = 5;
/** The lock on which COMMIT of an event that `waits` waits. */
const AT_COMMIT = 4711;

let db: TestDatabase;
let tenantDb: TenantDb;
const committed: RecordedEvent[] = [];

beforeAll(async () => {
  db = await testDatabase({ poolSize: WRITERS, onCommit: (events) => committed.push(...events) });
  tenantDb = db.database.tenant(await createMerchant(db.admin));
  await db.admin.unsafe(`
    CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.payload ? 'waits' THEN PERFORM pg_advisory_xact_lock(${AT_COMMIT}); END IF;
      IF NEW.payload ? 'refused' THEN RAISE EXCEPTION 'refused at COMMIT'; END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON stream_events DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION at_commit()`);
});
afterAll(() => db.close());

/** Every writer, at once, does its writes one after another. */
async function writeConcurrently(channelsOf: (writer: number) => readonly string[]): Promise<void> {
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let n = 0; n < WRITES_EACH; n++) {
        await tenantDb.write((tx) => record(tx, anEvent(channelsOf(writer), { writer, n })));
      }
    }),
  );
}

async function streamOf(channel: string) {
  const events = await db.admin<{ seq: number; writer: number; n: number; xid: string }[]>`
    SELECT seq::int, (payload->>'writer')::int AS writer, (payload->>'n')::int AS n, xmin::text AS xid
    FROM stream_events WHERE channel = ${channel} ORDER BY seq`;
  const [head] = await db.admin<{ last: number }[]>`
    SELECT last_seq::int AS last FROM stream_heads WHERE channel = ${channel}`;
  return { events, head: head?.last };
}

const oneTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('positions', () => {
  it('are contiguous under 64 concurrent writers of one channel, and keep each writer in its order', async () => {
    await writeConcurrently(() => ['one']);
    const { events, head } = await streamOf('one');
    expect(events.map(({ seq }) => seq)).toEqual(oneTo(WRITERS * WRITES_EACH));
    expect(head).toBe(WRITERS * WRITES_EACH);
    for (let writer = 0; writer < WRITERS; writer++) {
      expect(events.filter((event) => event.writer === writer).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it('are contiguous in three channels that writers name in opposite orders, without a deadlock', async () => {
    const channels = ['left', 'middle', 'right'];
    await writeConcurrently((writer) => (writer % 2 === 0 ? channels : channels.toReversed()));
    for (const channel of channels) {
      const { events } = await streamOf(channel);
      expect(events.map(({ seq }) => seq)).toEqual(oneTo(WRITERS * WRITES_EACH));
    }
    const [stats] = await db.admin<{ deadlocks: number }[]>`
      SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`;
    expect(stats?.deadlocks).toBe(0);
  });

  it('follow the order of commits: a transaction that asks later waits until the earlier one has ended', async () => {
    const doorkeeper = await db.admin.reserve();
    await doorkeeper`SELECT pg_advisory_lock(${AT_COMMIT})`;
    const first = tenantDb.write((tx) => record(tx, anEvent(['ordered'], { by: 'first', waits: true })));
    await waitUntilBlocked(1);
    const second = tenantDb.write((tx) => record(tx, anEvent(['ordered'], { by: 'second' })));
    await waitUntilBlocked(2);
    await doorkeeper`SELECT pg_advisory_unlock(${AT_COMMIT})`;
    doorkeeper.release();
    await Promise.all([first, second]);
    const order =
      await db.admin`SELECT seq::int, payload->>'by' AS by FROM stream_events WHERE channel = 'ordered' ORDER BY seq`;
    expect([...order]).toEqual([
      { seq: 1, by: 'first' },
      { seq: 2, by: 'second' },
    ]);
  });

  it('leave no gap where a transaction rolled back, and nothing is published of it', async () => {
    await tenantDb.write((tx) => record(tx, anEvent(['rolled-back'], { n: 1 })));
    const failing = tenantDb.write((tx) => {
      record(tx, anEvent(['rolled-back'], { n: 'never' }));
      throw new Error('the work failed after record');
    });
    await expect(failing).rejects.toThrow('the work failed after record');
    const refused = tenantDb.write((tx) =>
      record(tx, anEvent(['rolled-back'], { n: 'never', refused: true })),
    );
    await expect(refused).rejects.toThrow('refused at COMMIT');
    await tenantDb.write((tx) => record(tx, anEvent(['rolled-back'], { n: 2 })));
    const { events } = await streamOf('rolled-back');
    expect(events.map(({ seq, n }) => [seq, n])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    const published = committed.filter(({ channel }) => channel === 'rolled-back');
    expect(published.map(({ seq, payload }) => [seq, payload['n']])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });
});

async function waitUntilBlocked(count: number): Promise<void> {
  await expect
    .poll(async () => {
      const [row] = await db.admin<{ waiting: number }[]>`
        SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return row?.waiting;
    })
    .toBe(count);
}
