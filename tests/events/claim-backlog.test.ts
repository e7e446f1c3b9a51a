import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rolePassword } from '#core/db/roles.ts';
import { claimDeliveries } from '#core/events/claim-deliveries.ts';
import { openDeliveryTest, type DeliveryTest } from '../support/deliveries.ts';

const DONE_ROWS = 5_000;
const BACKLOG_ROWS = 2_000;

let live: DeliveryTest;
let system: postgres.Sql;

beforeAll(async () => {
  live = await openDeliveryTest();
  const { url, secret } = live.test;
  const password = rolePassword(secret, 'storeflow_system');
  system = postgres(url, { user: 'storeflow_system', password, max: 1, onnotice: () => undefined });
});

afterAll(async () => {
  await system.end();
  await live.close();
});

async function addDeliveries(count: number, state: 'done' | 'pending'): Promise<void> {
  const { merchantId } = live.shop.tenant;
  await live.admin`
    WITH events AS (
      INSERT INTO domain_events (merchant_id, day, id, type, entity, entity_id, entity_version, actor, payload, occurred_at)
      SELECT ${merchantId}, now()::date, gen_random_uuid(), 'any', 'thing', number::text, 1, 'system', '{}', now()
      FROM generate_series(1, ${count}::int) AS number
      RETURNING day, id, entity_id
    )
    INSERT INTO event_deliveries (merchant_id, day, event_id, listener, ordering_key, state)
    SELECT ${merchantId}, day, id, 'late', 'thing:' || entity_id, ${state} FROM events`;
}

/** Entries of the table and its indexes that the session has read up to now. */
async function rowsRead(): Promise<number> {
  await system`SELECT pg_stat_force_next_flush()`;
  const [read] = await live.admin<{ entries: number }[]>`
    SELECT (SELECT seq_tup_read FROM pg_stat_all_tables WHERE relid = 'event_deliveries'::regclass)::int
      + sum(idx_tup_read)::int AS entries
    FROM pg_stat_all_indexes WHERE relid = 'event_deliveries'::regclass`;
  return read?.entries ?? 0;
}

const claim = () => claimDeliveries(system, { listeners: ['late'], limit: 4, leaseMs: 30_000 });

it('reads a handful of rows for a claim, however long the backlog and however old the statistics', async () => {
  await addDeliveries(DONE_ROWS, 'done');
  await live.admin`ANALYZE event_deliveries`;
  await addDeliveries(BACKLOG_ROWS, 'pending');
  const before = await rowsRead();
  for (let round = 1; round <= 10; round++) {
    expect(await claim()).toHaveLength(4);
  }
  expect((await rowsRead()) - before).toBeLessThan(BACKLOG_ROWS);
});
