import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyzeGrownTables } from '#core/db/analyze.ts';
import { asOwner } from '#core/db/as-owner.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

const UNCOUNTED = -1;

let test: TestDatabase;

beforeAll(async () => {
  test = await testDatabase();
  // Nobody else counts while this looks.
  await test.admin`ALTER TABLE merchants SET (autovacuum_enabled = false)`;
  await test.admin`ALTER TABLE staff SET (autovacuum_enabled = false)`;
});
afterAll(() => test.close());

async function addMerchants(count: number): Promise<void> {
  await test.admin`INSERT INTO merchants (name) SELECT repeat('m', 100) FROM generate_series(1, ${count}::int)`;
}

/** How many rows PostgreSQL believes a table to have, once it was asked to count what has grown. */
async function counted(table: string): Promise<number | undefined> {
  await asOwner(test.adminUrl, analyzeGrownTables);
  const [row] = await test.admin<{ rows: number }[]>`
    SELECT reltuples AS rows FROM pg_class WHERE oid = ${table}::regclass`;
  return row?.rows;
}

it('counts a table that begins to fill, and again when it has grown several times over', async () => {
  await addMerchants(10);
  expect(await counted('merchants')).toBe(10);

  await addMerchants(10);
  expect(await counted('merchants'), 'it takes no more room').toBe(10);

  await addMerchants(1_000);
  expect(await counted('merchants')).toBe(1_020);
});

it('leaves an empty table uncounted', async () => {
  expect(await counted('staff')).toBe(UNCOUNTED);
});
