import type postgres from 'postgres';
import type { Catalogue, ForeignKey, Table } from './catalogue.ts';
import { insertion, newRow, type Household, type Row } from './rows.ts';
import { merchantColumn, wallOf } from './tenant-tables.ts';

/** Refused by a policy or by a missing right. */
const FORBIDDEN = '42501';
/** Refused by a foreign key. */
const NO_SUCH_ROW = '23503';

/** A table, the column that divides mine from theirs, and a row on either side. */
export interface Front {
  readonly table: Table;
  readonly column: string;
  readonly mine: Row;
  readonly theirs: Row;
}

/** An open transaction of a role, bound to my tenant. */
export interface Attacker {
  readonly sql: postgres.ISql;
  readonly role: string;
}

/** The front between two merchants' rows of a table. */
export function merchantFront(table: Table, mine: Household, theirs: Household): Front {
  return frontOf(table, merchantColumn(table), mine, theirs);
}

/** The front between two stores of one merchant. */
export function storeFront(table: Table, mine: Household, theirs: Household): Front {
  return frontOf(table, 'store_id', mine, theirs);
}

/** Tries to read, change, remove, plant, hand over and overwrite across the front; a sentence for each attempt that got through. */
export async function breachesOf(attacker: Attacker, front: Front, catalogue: Catalogue): Promise<string[]> {
  const attempts = { ...(wallOf(front.table) === 'directory' ? {} : { reads }), ...WRITES };
  const breaches: string[] = [];
  for (const [what, attack] of Object.entries(attempts)) {
    const breach = await attack(attacker, front, catalogue);
    if (breach) breaches.push(`${attacker.role} ${what} of ${front.table.name}: ${breach}`);
  }
  return breaches;
}

/** Tries to let a row of mine refer to theirs, by each foreign key of the table that could; needs no role, so no policy helps. */
export async function strayReferences(
  sql: postgres.ISql,
  { table, column }: Pick<Front, 'table' | 'column'>,
  { mine, theirs, catalogue }: { mine: Household; theirs: Household; catalogue: Catalogue },
): Promise<string[]> {
  const stray: string[] = [];
  for (const key of catalogue.foreignKeys.filter((each) => each.table === table.name)) {
    const swapped = theirsBy(key, { column, mine, theirs });
    if (Object.keys(swapped).length === 0) continue;
    const row = { ...newRow(table, mine, catalogue), ...swapped };
    const outcome = await attempt(sql, async () => {
      // A directory's key is the same for all merchants: the name must be free for the reference to be what is refused.
      if (wallOf(table) === 'directory') await sql`DELETE FROM ${sql(table.name)}`;
      return insertion(sql, table, row);
    });
    if (outcome.code !== NO_SUCH_ROW)
      stray.push(`${key.name} of ${table.name} accepted ${JSON.stringify(swapped)}: ${told(outcome)}`);
  }
  return stray;
}

type Attack = (attacker: Attacker, front: Front, catalogue: Catalogue) => Promise<string | null>;

const reads: Attack = async ({ sql, role }, { table, column, mine, theirs }, { rights }) => {
  if (!rights.some((right) => right.role === role && right.table === table.name && right.verb === 'SELECT'))
    return null;
  const [seen] = await sql<{ mine: number; theirs: number }[]>`
    SELECT count(*) FILTER (WHERE ${sql(column)} = ${String(mine[column])})::int AS mine,
      count(*) FILTER (WHERE ${sql(column)} = ${String(theirs[column])})::int AS theirs
    FROM ${sql(table.name)}`;
  if (seen?.mine === 0) return 'sees no row of its own, so that nothing is proved';
  return seen?.theirs === 0 ? null : `sees ${seen?.theirs} rows of ${column} ${theirs[column]}`;
};

const WRITES: Readonly<Record<string, Attack>> = {
  'changes rows': async ({ sql, role }, { table, column, theirs }, catalogue) => {
    const changed = sql(changeable(role, table, catalogue) ?? column);
    return untouched(
      await attempt(
        sql,
        () =>
          sql`UPDATE ${sql(table.name)} SET ${changed} = ${changed} WHERE ${sql(column)} = ${String(theirs[column])}`,
      ),
    );
  },

  'removes rows': async ({ sql }, { table, column, theirs }) =>
    untouched(
      await attempt(
        sql,
        () => sql`DELETE FROM ${sql(table.name)} WHERE ${sql(column)} = ${String(theirs[column])}`,
      ),
    ),

  // Without RETURNING, which would be refused by what may be read.
  'plants rows': async ({ sql }, { table, theirs }) =>
    forbidden(await attempt(sql, () => insertion(sql, table, theirs))),

  // Without WHERE, for the same reason.
  'hands rows over': async ({ sql }, { table, column, theirs }) =>
    forbidden(
      await attempt(sql, () => sql`UPDATE ${sql(table.name)} SET ${sql(column)} = ${String(theirs[column])}`),
    ),

  'overwrites rows': async ({ sql, role }, { table, column, mine, theirs }, catalogue) => {
    // A directory's key is the same for all merchants: there the attempt is to take their entry over.
    const row = wallOf(table) === 'directory' ? { ...theirs, [column]: mine[column] } : theirs;
    const changed = sql(changeable(role, table, catalogue) ?? column);
    return forbidden(
      await attempt(
        sql,
        () => sql`
          ${insertion(sql, table, row)}
          ON CONFLICT (${sql(primaryKey(table, catalogue))}) DO UPDATE SET ${changed} = excluded.${changed}`,
      ),
    );
  },
};

interface Outcome {
  readonly count?: number;
  readonly code?: string;
  readonly message?: string;
}

/** Runs a statement and undoes it. */
async function attempt(
  sql: postgres.ISql,
  run: () => PromiseLike<postgres.RowList<postgres.Row[]>>,
): Promise<Outcome> {
  await sql`SAVEPOINT attack`;
  try {
    const { count } = await run();
    return { count };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return { code: String(error.code), message: error.message };
  } finally {
    await sql`ROLLBACK TO SAVEPOINT attack`;
  }
}

function untouched(outcome: Outcome): string | null {
  return outcome.count === 0 || outcome.code === FORBIDDEN ? null : told(outcome);
}

function forbidden(outcome: Outcome): string | null {
  return outcome.code === FORBIDDEN ? null : told(outcome);
}

function told({ count, code, message }: Outcome): string {
  return code === undefined
    ? `done, ${count} rows`
    : `expected a refusal by the wall, received ${code} ${message}`;
}

function frontOf(table: Table, column: string, mine: Household, theirs: Household): Front {
  const [my, their] = [mine.get(table.name), theirs.get(table.name)];
  if (!my || !their || my[column] === their[column])
    throw new Error(
      `${table.name}: expected a row on either side of ${column}, received ${JSON.stringify([my, their])}`,
    );
  return { table, column, mine: my, theirs: their };
}

/** The key's columns with their values on the other side, except those that say whose the row is. */
function theirsBy(
  key: ForeignKey,
  { column, mine, theirs }: { column: string; mine: Household; theirs: Household },
): Row {
  const owner = column === 'store_id' ? ['merchant_id', 'store_id'] : ['merchant_id'];
  if (!owner.every((each) => key.columns.includes(each))) return {};
  const swapped = key.columns
    .map((each, place) => [each, key.targetColumns[place] ?? ''] as const)
    .filter(([each]) => !owner.includes(each))
    .map(([each, target]) => [each, theirs.get(key.target)?.[target]] as const)
    .filter(([each, value]) => value !== mine.get(key.table)?.[each]);
  return Object.fromEntries(swapped);
}

function changeable(role: string, table: Table, { rights }: Catalogue): string | null {
  const granted = rights.filter(
    (right) => right.role === role && right.table === table.name && right.verb === 'UPDATE',
  );
  const plain = table.columns.filter(({ generated }) => !generated).map(({ name }) => name);
  return plain.find((name) => granted.some(({ column }) => column === null || column === name)) ?? null;
}

function primaryKey(table: Table, { indexes }: Catalogue): string[] {
  return [...(indexes.find((index) => index.table === table.name && index.primary)?.columns ?? [])];
}
