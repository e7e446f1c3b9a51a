import { minorUnits } from '#core/values/minor-units.ts';
import type { Cents } from '#core/values/money.ts';
import type { CsvRow } from './shopify-csv.ts';

/** Readers of single cells. What is wrong with a cell is put into the reading's problems, and a harmless value stands in for it. */

export interface LineProblem {
  readonly line: number;
  readonly reason: string;
}

export interface Reading {
  /** Of the store's currency. */
  readonly decimals: number;
  readonly problems: LineProblem[];
}

export interface TextRule {
  readonly needed?: boolean;
  /** In characters. */
  readonly max: number;
}

const WEIGHT_MAX_GRAMS = 10_000_000;
const STOCK_MAX = 1_000_000_000;
/** Of a cell in a problem's reason, in characters. */
const SHOWN_LENGTH_MAX = 100;

export function report({ problems }: Reading, { line }: CsvRow, reason: string): void {
  problems.push({ line, reason });
}

/** What spreadsheets would calculate is written with an apostrophe before it, which is not part of the text. */
const ESCAPED_FORMULA = /^'(?='*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/;

export function cell({ cells }: CsvRow, column: string): string {
  return cells[column]?.trim().replace(ESCAPED_FORMULA, '') ?? '';
}

/** The beginning of a cell, for a problem's reason. */
export function shown(value: string): string {
  return value.length > SHOWN_LENGTH_MAX ? `${value.slice(0, SHOWN_LENGTH_MAX)}…` : value;
}

export function text(row: CsvRow, column: string, { needed, max }: TextRule, reading: Reading): string {
  const value = cell(row, column);
  if (needed && value === '') report(reading, row, `${column} is missing`);
  if (value.length > max)
    report(reading, row, `${column}: expected at most ${max} characters, received ${value.length}`);
  return value;
}

/** Null when the cell is empty. */
export function amount(row: CsvRow, column: string, reading: Reading): Cents | null {
  const value = cell(row, column);
  if (value === '') return null;
  const units = minorUnits(value, reading.decimals);
  if (units === null)
    report(
      reading,
      row,
      `${column}: expected an amount like ${(12.5).toFixed(reading.decimals)}, received "${shown(value)}"`,
    );
  return units;
}

export function grams(row: CsvRow, reading: Reading): number {
  const value = cell(row, 'Variant Grams');
  if (value === '') return 0;
  const weight = /^\d+(\.\d+)?$/.test(value) ? Math.round(Number(value)) : Number.NaN;
  if (weight <= WEIGHT_MAX_GRAMS) return weight;
  report(
    reading,
    row,
    `Variant Grams: expected grams from 0 to ${WEIGHT_MAX_GRAMS}, received "${shown(value)}"`,
  );
  return 0;
}

export const STOCK_COLUMNS = {
  tracker: 'Variant Inventory Tracker',
  quantity: 'Variant Inventory Qty',
} as const;

/** Null, not counted, when nobody tracks the stock; in a file that does not say who does, when there is no quantity. */
export function stockOf(row: CsvRow, reading: Reading): number | null {
  const { tracker, quantity } = STOCK_COLUMNS;
  if (cell(row, row.columns.includes(tracker) ? tracker : quantity) === '') return null;
  const value = cell(row, quantity) || '0';
  const pieces = /^-?\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  // Shops that oversold export less than nothing.
  if (pieces <= STOCK_MAX) return Math.max(0, pieces);
  report(reading, row, `${quantity}: expected a whole number, received "${shown(value)}"`);
  return 0;
}

/** Whether it is sold on when nothing is left; undefined when the row does not say. */
export function backorderOf(row: CsvRow, reading: Reading): boolean | undefined {
  const policy = cell(row, 'Variant Inventory Policy').toLowerCase();
  if (policy === '') return undefined;
  if (policy !== 'deny' && policy !== 'continue')
    report(reading, row, `Variant Inventory Policy: expected deny or continue, received "${shown(policy)}"`);
  return policy === 'continue';
}

export function isFalse(row: CsvRow, column: string): boolean {
  return cell(row, column).toLowerCase() === 'false';
}
