import type postgres from 'postgres';

class RolledBack extends Error {}

/** Runs `work` in a transaction of which nothing remains. */
export async function inRolledBack<Result>(
  sql: postgres.Sql,
  work: (tx: postgres.TransactionSql) => Promise<Result>,
): Promise<Result> {
  let result: { value: Result } | null = null;
  await sql
    .begin(async (tx) => {
      result = { value: await work(tx) };
      throw new RolledBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  return (result as unknown as { value: Result }).value;
}
