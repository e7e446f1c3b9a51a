import type postgres from 'postgres';
import { removeRows } from '#core/db/prune-rows.ts';

/** How many days an event is kept, for deliveries and for clients that were away. */
export const EVENT_RETENTION_DAYS = 14;
/** How many days a delivery that failed for good waits for someone to redrive it. */
const DEAD_RETENTION_DAYS = 90;
/** Days of partitions that exist ahead of today. */
const DAYS_AHEAD = 7;
const DAY_MS = 86_400_000;

/** Adds the coming days' partitions of the event log. Run as the owner, at every start and once a day. */
export async function ensureEventPartitions(owner: postgres.Sql, today: Date): Promise<void> {
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
    const from = isoDay(today.getTime() + ahead * DAY_MS);
    const to = isoDay(today.getTime() + (ahead + 1) * DAY_MS);
    for (const table of ['domain_events', 'stream_events']) {
      const name = partitionName(table, from);
      const [known] = await owner`SELECT to_regclass(${name}) AS name`;
      if (known?.name === null) {
        await owner.unsafe(
          `CREATE TABLE ${name} PARTITION OF ${table} FOR VALUES FROM ('${from}') TO ('${to}')`,
        );
      }
    }
  }
}

/**
 * Drops the days of the event log that are older than `EVENT_RETENTION_DAYS`. Streams go on time; an event stays as long as any delivery of
 * its day is not done, also a dead one, which someone may redrive for three months. Run as the owner.
 */
export async function dropOldEvents(owner: postgres.Sql, today: Date): Promise<void> {
  const firstKept = isoDay(today.getTime() - EVENT_RETENTION_DAYS * DAY_MS);
  for (const day of await daysBefore(owner, 'stream_events', firstKept)) {
    await owner.unsafe(`DROP TABLE ${partitionName('stream_events', day)}`);
  }
  await removeRows(owner, 'stream_events_default', owner`day < ${firstKept}`);
  await removeRows(
    owner,
    'event_deliveries',
    owner`day < ${firstKept} AND (state = 'done'
      OR (state = 'dead' AND created_at < now() - make_interval(days => ${DEAD_RETENTION_DAYS})))`,
  );
  const waiting = await daysWithDeliveries(owner, firstKept);
  for (const day of await daysBefore(owner, 'domain_events', firstKept)) {
    if (!waiting.includes(day)) await dropDayOfEvents(owner, partitionName('domain_events', day));
  }
  await removeRows(
    owner,
    'domain_events_default',
    owner`day < ${firstKept} AND day <> ALL(${waiting}::text[]::date[])`,
  );
}

/** A partition that deliveries may refer to can only be dropped once detached; PostgreSQL refuses that while one does. One text, one transaction. */
async function dropDayOfEvents(owner: postgres.Sql, partition: string): Promise<void> {
  await owner.unsafe(`ALTER TABLE domain_events DETACH PARTITION ${partition}; DROP TABLE ${partition}`);
}

async function daysBefore(owner: postgres.Sql, table: string, firstKept: string): Promise<string[]> {
  const rows = await owner<{ day: string }[]>`
    SELECT to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD')::text AS day
    FROM pg_inherits WHERE inhparent = ${table}::regclass AND inhrelid::regclass::text ~ '_[0-9]{8}$'`;
  return rows.map(({ day }) => day).filter((day) => day < firstKept);
}

async function daysWithDeliveries(owner: postgres.Sql, firstKept: string): Promise<string[]> {
  const rows = await owner<{ day: string }[]>`
    SELECT DISTINCT day::text AS day FROM event_deliveries WHERE day < ${firstKept}`;
  return rows.map(({ day }) => day);
}

function partitionName(table: string, day: string): string {
  return `${table}_${day.replaceAll('-', '')}`;
}

function isoDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
