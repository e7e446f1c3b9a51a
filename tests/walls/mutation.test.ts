import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type postgres from 'postgres';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { breachesOf, merchantFront, storeFront, strayReferences } from './attacks.ts';
import { readCatalogue, readWalls, type Catalogue, type Table, type Walls } from './catalogue.ts';
import { inRolledBack } from './rolled-back.ts';
import { shapeRules } from './shape-rules.ts';
import { storeTables, tenantTables, walledTables } from './tenant-tables.ts';
import { tenantOf, twoMerchants, type TwoMerchants } from './two-merchants.ts';

let db: TestDatabase;
let catalogue: Catalogue;
let rows: TwoMerchants;
beforeAll(async () => {
  db = await testDatabase();
  catalogue = await readCatalogue(db.admin);
  rows = await twoMerchants(db.admin, catalogue);
});
afterAll(() => db.close());

type Check = (sql: postgres.TransactionSql, table: Table) => Promise<string[]>;

/** What the rules say of the catalogue as it is now that the table was changed. */
const ruled: Check = async (sql, { name }) => {
  const changed = withWalls(catalogue, name, await readWalls(sql, name));
  return Object.values(shapeRules).flatMap((rule) => rule(changed));
};

/** The catalogue with what was read anew of one table: to read all of it for each mutation takes longer than all else. */
function withWalls(all: Catalogue, table: string, walls: Walls): Catalogue {
  return {
    ...all,
    tables: [...all.tables.filter(({ name }) => name !== table), ...walls.tables],
    policies: [...all.policies.filter((policy) => policy.table !== table), ...walls.policies],
    indexes: [...all.indexes.filter((index) => index.table !== table), ...walls.indexes],
    foreignKeys: [...all.foreignKeys.filter((key) => key.table !== table), ...walls.foreignKeys],
  };
}

/** Requests write most tables; what they only read is a listener's. */
function writerOf({ name }: Table): 'storeflow_app' | 'storeflow_listener' {
  const writers = catalogue.rights.filter(({ table, verb }) => table === name && verb === 'INSERT');
  const isListeners = writers.length > 0 && writers.every(({ role }) => role === 'storeflow_listener');
  return isListeners ? 'storeflow_listener' : 'storeflow_app';
}

/** What whoever writes the table for merchant A can do to the rows of B. */
const attacked: Check = async (sql, table) => {
  const role = writerOf(table);
  await sql.unsafe(`SET LOCAL ROLE ${role}`);
  await sql`SELECT set_config('app.merchant_id', ${String(tenantOf(rows.a).merchantId)}, true)`;
  return breachesOf({ sql, role }, merchantFront(table, rows.a, rows.b), catalogue);
};

/** What whoever writes the table for one of A's stores can do to the rows of another. */
const attackedByStore: Check = async (sql, table) => {
  const { merchantId, storeId } = tenantOf(rows.a);
  const role = writerOf(table);
  await sql.unsafe(`SET LOCAL ROLE ${role}`);
  await sql`SELECT set_config('app.merchant_id', ${String(merchantId)}, true), set_config('app.store_id', ${String(storeId)}, true)`;
  return breachesOf({ sql, role }, storeFront(table, rows.a, rows.otherStoreOfA), catalogue);
};

/** Whether rows of A can refer to rows of B. */
const strayed: Check = (sql, table) =>
  strayReferences(sql, merchantFront(table, rows.a, rows.b), { mine: rows.a, theirs: rows.b, catalogue });

async function findings(mutation: string, table: Table, check: Check): Promise<string[]> {
  return inRolledBack(db.admin, async (sql) => {
    await sql.unsafe(mutation);
    return check(sql, table);
  });
}

type Mutation = (table: string) => string;

const withoutRowSecurity: Mutation = (table) => `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`;
const notForced: Mutation = (table) => `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`;
const withoutPolicy: Mutation = (table) => `DROP POLICY tenant ON ${table}`;
const showingAll: Mutation = (table) => `ALTER POLICY tenant ON ${table} USING (true)`;
const acceptingAll: Mutation = (table) => `ALTER POLICY tenant ON ${table} WITH CHECK (true)`;
const openToStores: Mutation = (table) => `DROP POLICY tenant ON ${table}; CALL wall('${table}', 'merchant')`;

/** Directories are shown to all as they are, so that showing them is no finding of an attack. */
const MUTATIONS = [
  ['without row security is found by the rules', withoutRowSecurity, ruled, walledTables],
  ['without row security is found by attacking it', withoutRowSecurity, attacked, walledTables],
  ['that does not wall its owner out is found by the rules', notForced, ruled, walledTables],
  ['without its policy is found by the rules', withoutPolicy, ruled, walledTables],
  ['that shows everything is found by the rules', showingAll, ruled, walledTables],
  ['that shows everything is found by attacking it', showingAll, attacked, tenantTables],
  ['that accepts everything is found by the rules', acceptingAll, ruled, walledTables],
  ['that accepts everything is found by attacking it', acceptingAll, attacked, walledTables],
  ['that is open to the other stores is found by the rules', openToStores, ruled, storeTables],
  ['that is open to the other stores is found by attacking it', openToStores, attackedByStore, storeTables],
] as const;

/** Keeps the options of a variant those of its own product; the merchant's wall stands by the other keys of the table. */
const WITHIN_A_MERCHANT = ['variant_option_values_merchant_id_product_id_option_id_fkey'];

describe('a table', () => {
  it.each(MUTATIONS)('%s', async (_, mutation, check, tables) => {
    const missed: string[] = [];
    for (const table of tables(catalogue)) {
      const found = await findings(mutation(table.name), table, check);
      if (found.length === 0) missed.push(table.name);
    }
    expect(missed).toEqual([]);
  });
});

describe('a table without one of its foreign keys', () => {
  it('is found by the rules, or by what could then refer to another merchant', async () => {
    const missed: string[] = [];
    for (const table of walledTables(catalogue)) {
      for (const { name } of catalogue.foreignKeys.filter((key) => key.table === table.name)) {
        const mutation = `ALTER TABLE ${table.name} DROP CONSTRAINT ${name}`;
        const isFound = async (check: Check) => (await findings(mutation, table, check)).length > 0;
        if (!(await isFound(strayed)) && !(await isFound(ruled))) missed.push(name);
      }
    }
    expect(missed).toEqual(WITHIN_A_MERCHANT);
  });
});

describe('a table as it is', () => {
  it('gives no finding, so that the mutations are what was found', async () => {
    for (const table of walledTables(catalogue)) {
      for (const check of [ruled, attacked, strayed])
        expect(await findings('SELECT', table, check), table.name).toEqual([]);
    }
  });
});
