import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { LineProblem } from './shopify-cells.ts';
import type { CsvGroup } from './shopify-csv.ts';

/** Takes the rows of products that an import left out. */
export interface FailedRows {
  add(group: CsvGroup, problems: readonly LineProblem[]): Promise<void>;
}

/** They stand first, because a misshapen row must stay misshapen: to be imported again, it has to be put right. */
const COLUMNS_ADDED = ['Import Line', 'Import Problem'];

/**
 * Writes left-out rows as a CSV of the same columns, with the line that each came from and what is wrong with it before them. An import of
 * that file takes no notice of the two. A file of which nothing was left out stays empty.
 */
export function failedRowsTo(output: Writable): FailedRows & { end(): Promise<void> } {
  const csv = stringify();
  const written = pipeline(csv, output);
  // Heard by who ends it; unheard until then, a rejection would end the process.
  written.catch(() => undefined);
  let isBegun = false;
  const write = async (cells: readonly (string | number)[]) => {
    if (!csv.write(cells)) await once(csv, 'drain');
  };
  return {
    add: async ({ rows, broken }, problems) => {
      for (const { line, columns, record } of rows) {
        const isKept = (_: unknown, at: number) => !COLUMNS_ADDED.includes(columns[at] ?? '');
        if (!isBegun) await write([...COLUMNS_ADDED, ...columns.filter(isKept)]);
        isBegun = true;
        const reasons = problems
          .filter((problem) => problem.line === line || broken)
          .map(({ reason }) => reason);
        await write([line, reasons.join('; '), ...record.filter(isKept)]);
      }
    },
    end: async () => {
      csv.end();
      await written;
    },
  };
}
