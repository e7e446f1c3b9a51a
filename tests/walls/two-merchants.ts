import type postgres from 'postgres';
import type { MerchantId, StoreId } from '#core/values/ids.ts';
import type { Catalogue, Table } from './catalogue.ts';
import { inOrderOfReference, insertRow, newRow, type Household, type Row } from './rows.ts';
import { storeTables, walledTables } from './tenant-tables.ts';

/** One row of every walled table for a store of merchant A, for another store of A where rows belong to stores, and for merchant B. */
export interface TwoMerchants {
  readonly a: Household;
  readonly otherStoreOfA: Household;
  readonly b: Household;
}

/** Fills the database as superuser. Throws, naming the table, when a row cannot be made: no table stays without a row to attack. */
export async function twoMerchants(sql: postgres.Sql, catalogue: Catalogue): Promise<TwoMerchants> {
  const tables = inOrderOfReference(walledTables(catalogue), catalogue.foreignKeys);
  const ofStores = tables.filter(
    (table) => table.name === 'stores' || storeTables(catalogue).includes(table),
  );
  const fill = (some: readonly Table[], household: Household) =>
    fillTables(sql, { tables: some, household, catalogue });
  const a = await fill(tables, new Map());
  return { a, otherStoreOfA: await fill(ofStores, a), b: await fill(tables, new Map()) };
}

/** The tenant that a household's rows belong to. */
export function tenantOf(household: Household): { merchantId: MerchantId; storeId: StoreId } {
  return {
    merchantId: household.get('merchants')?.['id'] as MerchantId,
    storeId: household.get('stores')?.['id'] as StoreId,
  };
}

interface Filling {
  readonly tables: readonly Table[];
  readonly household: Household;
  readonly catalogue: Catalogue;
}

async function fillTables(sql: postgres.Sql, { tables, household, catalogue }: Filling): Promise<Household> {
  const grown = new Map<string, Row>(household);
  for (const table of tables) {
    const row = await insertRow(sql, table, newRow(table, grown, catalogue)).catch((error: unknown) => {
      throw new Error(`cannot make a row of ${table.name}; give its columns samples in tests/walls/rows.ts`, {
        cause: error,
      });
    });
    grown.set(table.name, row);
  }
  return grown;
}
