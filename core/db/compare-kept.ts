import type { Fragment, Tenant, TenantTx } from './tenant.ts';

/** Of those that disagree, so many are named. */
const NAMED_MAX = 5;

/** Something that is kept in two places, which do not say the same. */
export interface Disagreement {
  readonly subject: string;
  /** What is kept ready. */
  readonly kept: number | string;
  /** What its source says. */
  readonly source: number | string;
}

export interface Comparison {
  readonly checked: number;
  readonly wrong: number;
  /** The first of those that disagree. */
  readonly first: readonly Disagreement[];
}

/** Holds what is kept ready against its source. `pairs` is a query of subject, kept and source. */
export async function compareKept({ sql }: TenantTx<Tenant>, pairs: Fragment): Promise<Comparison> {
  const [row] = await sql<Comparison[]>`
    WITH pairs AS MATERIALIZED (${pairs}), wrong AS MATERIALIZED (
      SELECT subject, kept, source FROM pairs WHERE kept IS DISTINCT FROM source
    )
    SELECT (SELECT count(*) FROM pairs)::int AS checked, (SELECT count(*) FROM wrong)::int AS wrong,
      (SELECT coalesce(jsonb_agg(named), '[]') FROM (SELECT * FROM wrong ORDER BY subject LIMIT ${NAMED_MAX}) AS named) AS first`;
  if (!row) throw new Error('comparison: expected one row, received none');
  return row;
}
