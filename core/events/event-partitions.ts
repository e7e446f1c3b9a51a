import type postgres from 'postgres';

/** Days of partitions that exist ahead of today. */
const DAYS_AHEAD = 7;
const DAY_MS = 86_400_000;

/** Adds the coming days' partitions of the event log. Run as the owner, at every start and once a day. */
export async function ensureEventPartitions(owner: postgres.Sql, today: Date): Promise<void> {
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
    const from = isoDay(today.getTime() + ahead * DAY_MS);
    const to = isoDay(today.getTime() + (ahead + 1) * DAY_MS);
    for (const table of ['domain_events', 'stream_events']) {
      const name = `${table}_${from.replaceAll('-', '')}`;
      const [known] = await owner`SELECT to_regclass(${name}) AS name`;
      if (known?.name === null) {
        await owner.unsafe(
          `CREATE TABLE ${name} PARTITION OF ${table} FOR VALUES FROM ('${from}') TO ('${to}')`,
        );
      }
    }
  }
}

function isoDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
