import type { Readable } from 'node:stream';
import { CsvError, parse, type Info } from 'csv-parse';
import { refusal } from '../errors.ts';

/** A row of the file with the line on which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
  /** Set when the row has more or fewer cells than the header. */
  readonly misshapen: boolean;
}

/** The rows of one product: they follow each other and share their handle. */
export interface CsvGroup {
  readonly handle: string;
  readonly rows: readonly CsvRow[];
  /** Why reading ended within this group; nothing after it can be trusted. */
  readonly broken: { readonly line: number; readonly reason: string } | null;
}

/** Columns without which a file is not a Shopify product CSV. */
const COLUMNS_NEEDED = ['Handle', 'Title', 'Variant Price'];
/** One row, in characters: an unclosed quote must not read a whole file into memory. */
const ROW_LENGTH_MAX = 1_000_000;

/** Reads a Shopify product CSV product by product, without holding more than one of them. */
export async function* shopifyProducts(input: Readable): AsyncGenerator<CsvGroup> {
  let group: { handle: string; rows: CsvRow[] } | null = null;
  try {
    for await (const row of rowsOf(input)) {
      const handle = row.cells['Handle']?.trim() ?? '';
      if (group && group.handle !== handle) {
        yield { ...group, broken: null };
        group = null;
      }
      group ??= { handle, rows: [] };
      group.rows.push(row);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield { ...(group ?? { handle: '', rows: [] }), broken: brokenBy(error) };
    return;
  }
  if (group) yield { ...group, broken: null };
}

interface ParsedRow {
  readonly record: Record<string, string>;
  readonly info: Info & { readonly error?: CsvError };
}

async function* rowsOf(input: Readable): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    columns: checkedHeader,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: ROW_LENGTH_MAX,
  });
  input.on('error', (error) => parser.destroy(error));
  for await (const { record, info } of input.pipe(parser) as AsyncIterable<ParsedRow>) {
    yield { line: firstLine(record, info), cells: record, misshapen: info.error !== undefined };
  }
}

function checkedHeader(header: string[]): string[] {
  const columns = header.map((name) => name.trim());
  const missing = COLUMNS_NEEDED.filter((name) => !columns.includes(name));
  if (missing.length === 0) return columns;
  throw refusal(
    'CATALOGUE_FILE_INVALID',
    `Expected a Shopify product CSV with the columns ${COLUMNS_NEEDED.join(', ')}; ${missing.join(', ')} not found.`,
  );
}

/** The parser tells the line on which a row ends. */
function firstLine(record: Record<string, string>, { lines }: Info): number {
  const breaks = Object.values(record).reduce(
    (sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0),
    0,
  );
  return lines - breaks;
}

function brokenBy(error: CsvError) {
  const line = Number((error as CsvError & { lines?: number }).lines ?? 0);
  return { line, reason: `cannot be read, and so neither can what follows: ${error.message}` };
}
