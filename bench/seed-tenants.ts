import postgres from 'postgres';
import { ensureEventPartitions, EVENT_RETENTION_DAYS } from '#core/events/event-partitions.ts';
import { asOwner } from '#core/db/as-owner.ts';
import { migrateBench } from './bench-database.ts';
import { openManyShops } from './many-shops.ts';
import { writeHistory } from './order-history.ts';
import type { BenchShop } from './shops.ts';

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
/** Connections that write at the same time, each the history of its merchants. */
const WRITERS = 2;
/** Up to so many stores every foreign key is looked at: that proves the statements, which are the same for more, at a third of the speed. */
const CHECKED_STORES_MAX = 10;

/** Fills an empty database with so many stores and their history, counts its rows, and answers the stores. */
export async function seedTenants(
  adminUrl: string,
  stores: number,
  onProgress: (line: string) => void,
): Promise<BenchShop[]> {
  await migrateBench(adminUrl);
  await addPastDays(adminUrl);
  const writers = Array.from({ length: WRITERS }, () => writer(adminUrl, stores));
  const [first] = writers;
  if (!first) throw new Error('bench: expected a connection to write with');
  const shops = await openManyShops(first, stores);
  await first.unsafe('ANALYZE');
  const written = writers.map(() => 0);
  const told = (nth: number, orders: number) => {
    written[nth] = orders;
    onProgress(`${stores} stores: ${written.reduce((sum, each) => sum + each, 0)} orders`);
  };
  await Promise.all(
    writers.map((admin, nth) => writeHistory(admin, partOf(shops, nth), (orders) => told(nth, orders))),
  );
  await first`SELECT setval('orders_id_seq', max(id)), setval('customers_id_seq', (SELECT max(id) FROM customers)) FROM orders`;
  await first.unsafe('VACUUM (ANALYZE)');
  await Promise.all(writers.map((admin) => admin.end()));
  return shops;
}

/** Whole merchants, so that writers wait for each other in no row. */
function partOf(shops: readonly BenchShop[], nth: number): BenchShop[] {
  return shops.filter(({ merchantId }) => merchantId % WRITERS === nth);
}

function writer(adminUrl: string, stores: number): postgres.Sql {
  return postgres(adminUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: {
      // PostgreSQL cannot know how many rows a document has, and would compare each with each.
      enable_nestloop: 'off',
      ...(stores > CHECKED_STORES_MAX && { session_replication_role: 'replica' }),
    },
  });
}

/** The server makes the days of the log of events as they come. */
async function addPastDays(adminUrl: string): Promise<void> {
  await asOwner(adminUrl, async (owner) => {
    for (let days = EVENT_RETENTION_DAYS; days > 0; days -= WEEK_DAYS)
      await ensureEventPartitions(owner, new Date(Date.now() - days * DAY_MS));
  });
}
