import type postgres from 'postgres';

/** A table is counted again when it takes so many times the room that it took when it was counted last. */
const GROWTH_MIN = 4;

/**
 * Renews the statistics of our tables that hold rows; it follows every migration, seed and import. An empty table is left alone: once
 * counted as empty it is read from end to end by every plan and foreign-key check until it is counted again, however fast it fills.
 */
export async function analyzeTables(owner: postgres.Sql): Promise<void> {
  const tables = await owner<NamedTable[]>`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relowner = 'storeflow_owner'::regrole AND relkind = 'r' AND pg_relation_size(oid) > 0 ORDER BY 1`;
  await analyze(owner, tables);
}

/**
 * The same for those that have grown several times over since they were counted, for in between while many rows come in. Plans are made
 * anew where it counts anything: until then, an index on the merchant alone looks as good as the one that leads to the row.
 */
export async function analyzeGrownTables(owner: postgres.Sql): Promise<void> {
  const tables = await owner<NamedTable[]>`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relowner = 'storeflow_owner'::regrole AND relkind = 'r'
      AND pg_relation_size(oid) > ${GROWTH_MIN}::bigint * relpages * current_setting('block_size')::int ORDER BY 1`;
  await analyze(owner, tables);
}

interface NamedTable {
  readonly name: string;
}

/** One that is being counted already is not waited for. */
async function analyze(owner: postgres.Sql, tables: readonly NamedTable[]): Promise<void> {
  if (tables.length === 0) return;
  await owner.unsafe(`ANALYZE (SKIP_LOCKED) ${tables.map(({ name }) => name).join(', ')}`);
}
