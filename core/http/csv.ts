import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyReply } from 'fastify';

/** What a cell may hold; null is an empty one. */
export type CsvCell = string | number | null;

/**
 * A CSV with a header, made while it is read. A text that a spreadsheet would take for a formula gets an apostrophe before it. With
 * `forPeople`, it begins with the mark by which spreadsheets know UTF-8. What goes wrong with the rows is thrown to whoever reads.
 */
export function csvOf(
  columns: readonly string[],
  rows: AsyncIterable<readonly CsvCell[]>,
  { forPeople = false }: { readonly forPeople?: boolean } = {},
): Readable {
  const csv = stringify({ header: true, columns, escape_formulas: true, bom: forPeople });
  pipeline(Readable.from(rows), csv, () => undefined);
  return csv;
}

/** Sends a CSV as a file of that name. */
export function sendCsv(reply: FastifyReply, name: string, content: Readable): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(content);
}
