import type postgres from 'postgres';

/**
 * Renews the statistics of all our tables. Plans made against tables without statistics keep sequential scans, also inside foreign-key
 * checks, so this follows every migration, seed and import.
 */
export async function analyzeTables(owner: postgres.Sql): Promise<void> {
  const tables = await owner<{ name: string }[]>`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relowner = 'storeflow_owner'::regrole AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`;
  await owner.unsafe(`ANALYZE ${tables.map(({ name }) => name).join(', ')}`);
}
