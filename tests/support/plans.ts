import type postgres from 'postgres';
import type { StoreTenant } from '#core/db/tenant.ts';

/** A statement as the driver sent it. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** How many rows of each table a read of the store looks at, whatever it answers: with the rights and the kind of plan that requests have. */
export async function rowsLookedAt(
  admin: postgres.Sql,
  { merchantId, storeId }: StoreTenant,
  { text, values }: SentStatement,
): Promise<Record<string, number>> {
  const rows = await admin.begin(async (sql) => {
    await sql.unsafe(`
      SET LOCAL ROLE storeflow_app; SET LOCAL plan_cache_mode = force_generic_plan;
      SET LOCAL app.merchant_id = '${merchantId}'; SET LOCAL app.store_id = '${storeId}'; PREPARE asked AS ${text}`);
    const given = values.length > 0 ? `(${values.map(literal).join(', ')})` : '';
    const answer = await sql.unsafe<{ 'QUERY PLAN': { Plan: PlanNode }[] }[]>(
      `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked ${given}`,
    );
    await sql.unsafe('DEALLOCATE asked');
    return answer;
  });
  const [explained] = rows[0]?.['QUERY PLAN'] ?? [];
  if (!explained) throw new Error('expected a plan, received none');
  const seen: Record<string, number> = {};
  for (const node of nodesOf(explained.Plan)) {
    const table = node['Relation Name'];
    if (table === undefined) continue;
    const perLoop = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
    seen[table] = (seen[table] ?? 0) + Math.round(perLoop * node['Actual Loops']);
  }
  return seen;
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const below of node.Plans ?? []) yield* nodesOf(below);
}

function literal(value: unknown): string {
  return value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`;
}
