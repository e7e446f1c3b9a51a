import type postgres from 'postgres';

/** Runs statements of one database role, each on a connection of its own. */
export type Pool = <Rows extends readonly object[] = postgres.Row[]>(
  text: TemplateStringsArray,
  ...values: readonly postgres.ParameterOrFragment<never>[]
) => Promise<postgres.RowList<Rows>>;
