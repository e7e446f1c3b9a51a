import type postgres from 'postgres';

/** Rows of a table that are of no use to anybody after some days. */
export interface AgingRows {
  readonly table: string;
  /** The column that says how old a row is. */
  readonly since: string;
  readonly days: number;
}

/** Rows removed at once, so that no statement takes long. */
const REMOVED_AT_ONCE_MAX = 10_000;

/** Removes what is too old. Run as the owner, whom a policy of the table allows to. */
export function pruneRows(owner: postgres.Sql, { table, since, days }: AgingRows): Promise<void> {
  return removeRows(owner, table, owner`${owner(since)} < now() - make_interval(days => ${days})`);
}

/** Removes the rows for which a condition holds, some at a time. Run as the owner. */
export async function removeRows(
  owner: postgres.Sql,
  table: string,
  condition: postgres.PendingQuery<postgres.Row[]>,
): Promise<void> {
  for (let removed = REMOVED_AT_ONCE_MAX; removed === REMOVED_AT_ONCE_MAX;) {
    const { count } = await owner`
      DELETE FROM ${owner(table)} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ${owner(table)} WHERE ${condition} LIMIT ${REMOVED_AT_ONCE_MAX}))`;
    removed = count;
  }
}
