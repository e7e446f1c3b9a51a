import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAs, testDatabase, type TestDatabase } from '../support/database.ts';
import { breachesOf, merchantFront, storeFront, strayReferences } from './attacks.ts';
import { readCatalogue, type Catalogue, type Table } from './catalogue.ts';
import { inRolledBack } from './rolled-back.ts';
import { insertRow, newRow } from './rows.ts';
import { storeTables, tenantTables, walledTables } from './tenant-tables.ts';
import { tenantOf, twoMerchants, type TwoMerchants } from './two-merchants.ts';

let db: TestDatabase;
let catalogue: Catalogue;
let rows: TwoMerchants;
/** As requests come, without the handle that binds them. */
let bare: postgres.Sql;
beforeAll(async () => {
  db = await testDatabase();
  bare = connectAs(db, 'storeflow_app');
  catalogue = await readCatalogue(db.admin);
  rows = await twoMerchants(db.admin, catalogue);
});
afterAll(async () => {
  await bare.end();
  await db.close();
});

/** The findings of all tables together: a table is a line of the report, not a test. */
async function ofEach(
  tables: readonly Table[],
  check: (table: Table) => Promise<string[]>,
): Promise<string[]> {
  const found: string[] = [];
  for (const table of tables) found.push(...(await check(table)));
  return found;
}

describe('every table', () => {
  it('has a row of merchant B, and one of another store of A where rows belong to stores', () => {
    expect(walledTables(catalogue).filter(({ name }) => !rows.b.has(name))).toEqual([]);
    expect(storeTables(catalogue).length).toBeGreaterThan(10);
    for (const { name } of storeTables(catalogue))
      expect(rows.otherStoreOfA.get(name)?.['store_id'], name).not.toBe(rows.a.get(name)?.['store_id']);
  });
});

describe('between merchants', () => {
  it.each(['tenant', 'listener'] as const)('lets nothing through to the %s role', async (door) => {
    const role = door === 'tenant' ? 'storeflow_app' : 'storeflow_listener';
    const tenant = { ...tenantOf(rows.a), storeId: null };
    const found = await ofEach(walledTables(catalogue), (table) =>
      db.database[door](tenant).write(({ sql }) =>
        breachesOf({ sql, role }, merchantFront(table, rows.a, rows.b), catalogue),
      ),
    );
    expect(found).toEqual([]);
  });

  it('has foreign keys that refuse another merchant’s rows by themselves, to the superuser too', async () => {
    const found = await ofEach(walledTables(catalogue), (table) =>
      inRolledBack(db.admin, (sql) =>
        strayReferences(sql, merchantFront(table, rows.a, rows.b), {
          mine: rows.a,
          theirs: rows.b,
          catalogue,
        }),
      ),
    );
    expect(found).toEqual([]);
  });
});

describe('between stores of one merchant', () => {
  it.each(['tenant', 'listener'] as const)('lets nothing through to the %s role', async (door) => {
    const role = door === 'tenant' ? 'storeflow_app' : 'storeflow_listener';
    const found = await ofEach(storeTables(catalogue), (table) =>
      db.database[door](tenantOf(rows.a)).write(({ sql }) =>
        breachesOf({ sql, role }, storeFront(table, rows.a, rows.otherStoreOfA), catalogue),
      ),
    );
    expect(found).toEqual([]);
  });

  it('has foreign keys that refuse the other store’s rows by themselves, to the superuser too', async () => {
    const found = await ofEach(storeTables(catalogue), (table) =>
      inRolledBack(db.admin, (sql) =>
        strayReferences(sql, storeFront(table, rows.a, rows.otherStoreOfA), {
          mine: rows.a,
          theirs: rows.otherStoreOfA,
          catalogue,
        }),
      ),
    );
    expect(found).toEqual([]);
  });
});

describe('without a tenant', () => {
  const settings = [
    ['never set', null],
    ['empty', ''],
    ['of nobody', '0'],
    ['negative', '-1'],
  ] as const;

  it.each(settings)('shows no row of any table, the setting being %s', async (_, merchant) => {
    const seen = await bare.begin(async (sql) => {
      if (merchant !== null) await sql`SELECT set_config('app.merchant_id', ${merchant}, true)`;
      return ofEach(tenantTables(catalogue), async ({ name }) => {
        const [row] = await sql<{ rows: number }[]>`SELECT count(*)::int AS rows FROM ${sql(name)}`;
        return row?.rows === 0 ? [] : [`${name}: ${row?.rows} rows`];
      });
    });
    expect(seen).toEqual([]);
  });

  it('accepts no row into any table', async () => {
    const accepted = await ofEach(walledTables(catalogue), (table) =>
      insertRow(bare, table, newRow(table, rows.a, catalogue)).then(
        () => [`${table.name} accepted a row`],
        (error: Error & { code?: string }) =>
          error.code === '42501' ? [] : [`${table.name}: ${error.message}`],
      ),
    );
    expect(accepted).toEqual([]);
  });

  it('refuses a setting that is no number', async () => {
    const read = bare.begin(async (sql) => {
      await sql`SELECT set_config('app.merchant_id', 'all', true)`;
      await sql`SELECT FROM orders`;
    });
    await expect(read).rejects.toThrow(/invalid input syntax for type bigint/);
  });
});
