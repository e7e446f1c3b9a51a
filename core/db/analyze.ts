import type postgres from 'postgres';

/**
 * Renews the statistics of our tables that hold rows; it follows every migration, seed and import. An empty table is left alone: once
 * counted as empty it is read from end to end by every plan and foreign-key check until it is counted again, however fast it fills.
 */
export async function analyzeTables(owner: postgres.Sql): Promise<void> {
  const tables = await owner<{ name: string }[]>`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relowner = 'storeflow_owner'::regrole AND relkind = 'r' AND pg_relation_size(oid) > 0 ORDER BY 1`;
  if (tables.length > 0) await owner.unsafe(`ANALYZE ${tables.map(({ name }) => name).join(', ')}`);
}
