import { pipeline, type Readable } from 'node:stream';
import { parse, type CsvError, type Info, type Parser } from 'csv-parse';
import { refusal } from '../errors.ts';

/** A row of the file with the line on which it begins. */
export interface CsvRow {
  readonly line: number;
  /** The file's columns, in its order. */
  readonly columns: readonly string[];
  /** As it stands in the file: more or fewer cells than there are columns when the row is misshapen. */
  readonly record: readonly string[];
  readonly cells: Readonly<Record<string, string>>;
}

/** The rows of one product: they follow each other and share their handle. */
export interface CsvGroup {
  readonly handle: string;
  readonly rows: readonly CsvRow[];
  /** Whether they are a part of more rows than one product may have. */
  readonly isPart: boolean;
  /** Why reading ended within this group; nothing after it can be trusted. */
  readonly broken: { readonly line: number; readonly reason: string } | null;
}

/** Columns without which a file is not a Shopify product CSV. */
const COLUMNS_NEEDED = ['Handle', 'Title', 'Variant Price'];
/** One row, in bytes: an unclosed quote must not read a whole file into memory. */
const ROW_MAX_BYTES = 1_000_000;
/** Of one product: room for as many variants and pictures as there can be. */
export const PRODUCT_ROWS_MAX = 1_000;

/** Reads a Shopify product CSV product by product, without holding more than one of them. */
export function shopifyProducts(input: Readable): AsyncGenerator<CsvGroup> {
  // Connected before the first product is asked for: a file that cannot be opened says so at once, and somebody must be listening.
  return groupsOf(rowsOf(openFile(input)));
}

/** Refuses CATALOGUE_FILE_INVALID for a file of other columns, having read no more than its beginning. */
export async function refuseOtherFiles(input: Readable): Promise<void> {
  await rowsOf(openFile(input)).next();
  input.destroy();
}

/** A file on its way through the parser, and what broke it. */
interface OpenFile {
  readonly parser: Parser;
  breach: { readonly error: CsvError; readonly rowsBefore: number } | null;
}

/** After a mistake in the quoting, what is a cell and what is not can only be guessed: the rows before it count, no row after it. */
function openFile(input: Readable): OpenFile {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: ROW_MAX_BYTES,
    skip_records_with_error: true,
    on_skip: (error) => {
      if (error) file.breach ??= { error, rowsBefore: parser.info.records };
    },
  });
  const file: OpenFile = { parser, breach: null };
  // What goes wrong with the input ends the parser, and is thrown to whoever reads from it.
  pipeline(input, parser, () => undefined);
  return file;
}

interface ParsedRow {
  readonly record: readonly string[];
  readonly info: Info;
}

type Line = CsvRow | { readonly line: number; readonly broken: string };

async function* rowsOf(file: OpenFile): AsyncGenerator<Line> {
  let header: readonly string[] | null = null;
  const count = lineCounter();
  for await (const { record, info } of file.parser as AsyncIterable<ParsedRow>) {
    if (file.breach && info.records > file.breach.rowsBefore) break;
    const line = count.begin(record, info);
    if (header) yield rowOf(header, record, line);
    else header = checkedHeader(record);
  }
  if (file.breach) yield { line: count.next(), broken: file.breach.error.message };
  else if (!header) throw otherFile('the file is empty');
}

/** The parser tells on which line a row ends, and counts a `\r\n` inside quotes as two. */
function lineCounter() {
  let surplus = 0;
  let last = 0;
  return {
    begin: (record: readonly string[], { lines }: Info): number => {
      const text = record.join(',');
      const before = surplus;
      surplus += text.match(/\r\n/g)?.length ?? 0;
      last = lines - surplus;
      return lines - before - (text.match(/[\r\n]/g)?.length ?? 0);
    },
    next: () => last + 1,
  };
}

function rowOf(header: readonly string[], record: readonly string[], line: number): CsvRow {
  return {
    line,
    columns: header,
    record,
    cells: Object.fromEntries(header.map((name, at) => [name, record[at] ?? ''])),
  };
}

function checkedHeader(record: readonly string[]): readonly string[] {
  refuseOtherSeparators(record);
  const columns = record.map((name) => name.trim());
  const missing = COLUMNS_NEEDED.filter((name) => !columns.includes(name));
  if (missing.length > 0) throw otherFile(`${missing.join(', ')} not found`);
  return columns;
}

/** In many countries spreadsheets write semicolons, and commas within numbers. */
function refuseOtherSeparators([only = '', ...others]: readonly string[]): void {
  if (others.length > 0 || !/^"?Handle"?[;\t]/.test(only)) return;
  const found = only.includes(';') ? 'semicolons' : 'tabs';
  throw otherFile(
    `its cells are separated by ${found}: save it with commas between cells and points within numbers`,
  );
}

function otherFile(what: string) {
  return refusal(
    'CATALOGUE_FILE_INVALID',
    `Expected a Shopify product CSV with the columns ${COLUMNS_NEEDED.join(', ')}; ${what}.`,
  );
}

async function* groupsOf(lines: AsyncGenerator<Line>): AsyncGenerator<CsvGroup> {
  let group: { handle: string; rows: CsvRow[]; isPart: boolean } | null = null;
  for await (const line of lines) {
    if ('broken' in line) {
      const reason = `cannot be read, and so neither can what follows: ${line.broken}`;
      const around = group ?? { handle: '', rows: [], isPart: false };
      return yield { ...around, broken: { line: line.line, reason } };
    }
    const handle = line.cells['Handle']?.trim() ?? '';
    const isSame: boolean = group !== null && group.handle === handle;
    if (group && (!isSame || group.rows.length === PRODUCT_ROWS_MAX)) {
      const isPart: boolean = group.isPart || isSame;
      yield { ...group, isPart, broken: null };
      group = isSame ? { handle, rows: [], isPart } : null;
    }
    group ??= { handle, rows: [], isPart: false };
    group.rows.push(line);
  }
  if (group) yield { ...group, broken: null };
}
