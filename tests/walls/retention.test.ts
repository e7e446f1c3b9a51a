import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMaintenance } from '#core/events/event-maintenance.ts';
import { mediaFolder } from '#core/files/media.ts';
import { agingRows, chores } from '#start/chores.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { readCatalogue, type Catalogue } from './catalogue.ts';
import { walledTables } from './tenant-tables.ts';
import { tenantOf, twoMerchants, type TwoMerchants } from './two-merchants.ts';

/** Tables whose rows stay, and why they cannot grow without anybody selling or setting up more. */
const KEPT = {
  'who is here, and what they set up': [
    'merchants',
    'stores',
    'store_domains',
    'store_hours',
    'store_special_days',
    'store_special_hours',
    'staff',
    'memberships',
    'tax_rates',
    'promotions',
    'loyalty_programmes',
    'shipping_zones',
    'shipping_zone_states',
    'shipping_zone_postcodes',
    'shipping_methods',
    'shipping_rates',
    'shipping_lookups',
    'stripe_accounts',
    'webhook_endpoints',
    'event_subscriptions',
    'order_counters',
  ],
  'what is sold': [
    'categories',
    'products',
    'product_tags',
    'product_images',
    'product_options',
    'option_values',
    'product_words',
    'word_trigrams',
    'variants',
    'variant_option_values',
    'customization_groups',
    'customization_choices',
    'stock_levels',
  ],
  'people, until they ask to be forgotten': ['customers', 'customer_addresses', 'customer_carts'],
  'history: goods, money and who did what': [
    'orders',
    'order_lines',
    'order_line_choices',
    'order_taxes',
    'order_notes',
    'payments',
    'refunds',
    'refund_lines',
    'promotion_redemptions',
    'stock_ledger',
    'loyalty_ledger',
    'audit_log',
  ],
  'names of what history tells of': ['api_keys', 'api_key_scopes'],
  'positions, without which a channel could not go on where it was': ['stream_heads'],
  'goes with the row that it leads to': [
    'directory_stores',
    'directory_hosts',
    'directory_staff',
    'directory_staff_sessions',
    'directory_customer_sessions',
    'directory_orders',
    'directory_payments',
    'directory_api_keys',
    'directory_stripe_webhooks',
    'staff_invitation_stores',
  ],
  'one row': ['directory_setup'],
};

/** Tables whose rows go in another way than by their age alone. */
const GO_OTHERWISE = {
  'by the day, with their deliveries': ['domain_events', 'stream_events', 'event_deliveries'],
  'the newest twenty of a store stay': ['product_imports'],
  'once their file is removed': ['loose_files'],
};

let db: TestDatabase;
let catalogue: Catalogue;
let rows: TwoMerchants;
beforeAll(async () => {
  db = await testDatabase();
  catalogue = await readCatalogue(db.admin);
  rows = await twoMerchants(db.admin, catalogue);
});
afterAll(() => db.close());

/** What the server does every hour. */
async function maintain({ media = 'none' } = {}): Promise<void> {
  const errors: unknown[] = [];
  const door = { adminUrl: db.adminUrl, chores: chores(mediaFolder(media)) };
  await startMaintenance({ ...door, onError: (error) => errors.push(error) }).stop();
  expect(errors).toEqual([]);
}

it('is settled for every table', () => {
  const settled = [...Object.values(KEPT), ...Object.values(GO_OTHERWISE)].flat();
  const tables = catalogue.tables.filter(
    ({ name, isPartition }) => name !== 'schema_migrations' && !isPartition,
  );
  expect([...settled, ...agingRows.map(({ table }) => table)].toSorted()).toEqual(
    tables.map(({ name }) => name).toSorted(),
  );
});

describe('what is of no use to anybody any more', () => {
  it('goes for every merchant, with nobody coming back for it, and nothing younger goes', async () => {
    await db.admin`
      INSERT INTO directory_sign_in_attempts (subject, failures, window_started_at)
      VALUES (${subjectOf('a')}, 1, now()), (${subjectOf('b')}, 1, now())`;
    await db.admin`
      INSERT INTO directory_realtime_tickets (token_hash, merchant_id, session_id, expires_at)
      SELECT sha256(merchant_id::text::bytea), merchant_id, id, now() FROM staff_sessions`;
    for (const aging of agingRows) {
      await setAge(db.admin, aging, { whose: 'a', hours: 1 });
      await setAge(db.admin, aging, { whose: 'b', hours: -1 });
    }
    await maintain();

    const left = await Promise.all(
      agingRows.map(async ({ table }) => [table, await countOf(table, 'a'), await countOf(table, 'b')]),
    );
    expect(left).toEqual(agingRows.map(({ table }) => [table, 0, 1]));
  });

  it('goes whole, however much there is of it', async () => {
    const { merchantId } = tenantOf(rows.b);
    await db.admin`
      INSERT INTO notifications (merchant_id, event_id, kind, title, created_at)
      SELECT ${merchantId}, gen_random_uuid(), 'old', '', now() - interval '1 year' FROM generate_series(1, 10001)`;
    await maintain();
    expect(await db.admin`SELECT FROM notifications WHERE kind = 'old'`).toHaveLength(0);
  });
});

describe('a merchant whom the owner of the database removes', () => {
  const file = `u${'5'.repeat(40)}.webp`;
  let media: string;
  beforeAll(async () => {
    media = await mkdtemp(join(tmpdir(), 'storeflow-removed-'));
    await writeFile(join(media, file), '');
  });
  afterAll(() => rm(media, { recursive: true }));

  it('leaves nothing in any table, and the others as they are', async () => {
    await upload(file);
    await merge();
    const before = await countsOf('b');
    const script = await removalFor(String(rows.a.get('directory_stores')?.['slug']));
    await db.admin.unsafe(script);

    const left = (await countsOf('a')).filter(([, count]) => count > 0);
    expect(left).toEqual([['loose_files', 2]]);
    expect(await countsOf('b')).toEqual(before);
    await expect(db.admin.unsafe(script)).rejects.toThrow('no rows');
  });

  it('takes the pictures along', async () => {
    await db.admin`UPDATE loose_files SET since = now() - interval '2 hours'`;
    await maintain({ media });

    expect(await readdir(media)).toEqual([]);
    expect((await countsOf('a')).filter(([, count]) => count > 0)).toEqual([]);
  });
});

type Aging = (typeof agingRows)[number];
type Whose = 'a' | 'b';

/** Makes a merchant's rows so many hours older than they are kept. On the hour, as times of some tables must be. */
function setAge(
  sql: postgres.Sql,
  { table, since, days }: Aging,
  { whose, hours }: { whose: Whose; hours: number },
) {
  return sql`
    UPDATE ${sql(table)}
    SET ${sql(since)} = date_trunc('hour', now(), 'UTC') + ${hours < 0 ? '1 hour' : '0 hours'}::interval
      - make_interval(days => ${days}, hours => ${hours})
    WHERE ${ownedBy(sql, table, whose)}`;
}

async function countOf(table: string, whose: Whose): Promise<number> {
  const [row] = await db.admin<{ count: number }[]>`
    SELECT count(*)::int AS count FROM ${db.admin(table)} WHERE ${ownedBy(db.admin, table, whose)}`;
  return row?.count ?? 0;
}

function ownedBy(sql: postgres.Sql, table: string, whose: Whose) {
  if (table === 'directory_sign_in_attempts') return sql`subject = ${subjectOf(whose)}`;
  return sql`merchant_id = ${tenantOf(rows[whose]).merchantId}`;
}

function subjectOf(whose: Whose): string {
  return `somebody at ${whose}`;
}

/** Shows a file of its own with a product. */
async function upload(file: string): Promise<void> {
  const { merchantId } = tenantOf(rows.a);
  await db.admin`INSERT INTO loose_files (merchant_id, file) VALUES (${merchantId}, ${file})`;
  await db.admin`
    INSERT INTO product_images (merchant_id, product_id, position, file, width, height)
    SELECT merchant_id, id, 1, ${file}, 9, 9 FROM products WHERE merchant_id = ${merchantId}`;
}

/** Leaves of a customer what is left when two records prove to be one person. */
async function merge(): Promise<void> {
  await db.admin`
    INSERT INTO customers (merchant_id, public_id, first_name, merged_into)
    SELECT merchant_id, repeat('m', 22), '', id FROM customers WHERE merchant_id = ${tenantOf(rows.a).merchantId}`;
}

/** What the manual has a superuser run. */
async function removalFor(slug: string): Promise<string> {
  const manual = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const script = /```sql\n(DO .+?)```/s.exec(manual)?.[1];
  if (!script?.includes('corner-cafe'))
    throw new Error('docs/operations.md: expected a script for corner-cafe');
  return script.replace('corner-cafe', slug);
}

async function countsOf(whose: Whose): Promise<(readonly [string, number])[]> {
  const tables = walledTables(catalogue).filter(({ name }) => name !== 'merchants');
  const counts = tables.map(async ({ name }) => [name, await countOf(name, whose)] as const);
  const [{ here } = { here: 0 }] = await db.admin<{ here: number }[]>`
    SELECT count(*)::int AS here FROM merchants WHERE id = ${tenantOf(rows[whose]).merchantId}`;
  return [['merchants', here], ...(await Promise.all(counts))];
}
