import type { Cents } from '#core/values/money.ts';
import {
  amount,
  backorderOf,
  cell,
  grams,
  isFalse,
  report,
  shown,
  stockOf,
  text,
  type LineProblem,
  type Reading,
} from './shopify-cells.ts';
import type { CsvRow } from './shopify-csv.ts';
import { tagsIn } from './tag-cell.ts';
import {
  OPTIONS_MAX,
  variantTitle,
  type CategoryDraft,
  type ProductDraft,
  type VariantDraft,
} from '../catalog/product.ts';
import { categorySlug, slugOf } from '../catalog/slug.ts';

export interface ReadProduct {
  /** Null when there is a problem: half a product is not taken. */
  readonly draft: ProductDraft | null;
  readonly problems: readonly LineProblem[];
}

const NAME_LENGTH_MAX = 255;
const LABEL_LENGTH_MAX = 120;
const DESCRIPTION_LENGTH_MAX = 100_000;
/** What Shopify writes for a product that has no options. */
export const ONLY_VARIANT = 'Default Title';
/** A column of ours: two categories may have the same name. */
export const CATEGORY_HANDLE = 'Category Handle';

/** Reads one product from its rows. `decimals` are those of the store's currency. */
export function readProduct(handle: string, rows: readonly CsvRow[], decimals: number): ReadProduct {
  const reading: Reading = { decimals, problems: [] };
  const [first] = rows;
  if (!first) return { draft: null, problems: [] };
  for (const row of rows) checkShape(row, reading);
  const variantRows = rows.filter((row) => row === first || hasVariant(row));
  const options = optionsOf(first, variantRows, reading);
  const variants = variantRows.map((row) => variantOf(row, options, reading));
  reportTwins(variantRows, variants, reading);
  const draft = {
    slug: slugIn(handle, first, reading),
    name: text(first, 'Title', { needed: true, max: NAME_LENGTH_MAX }, reading),
    description: text(first, 'Body (HTML)', { max: DESCRIPTION_LENGTH_MAX }, reading),
    category: categoryOf(first, reading),
    tags: tagsOf(first, reading),
    shippable: variantRows.some((row) => !isFalse(row, 'Variant Requires Shipping')),
    active: !isFalse(first, 'Published') && ['', 'active'].includes(cell(first, 'Status').toLowerCase()),
    options,
    variants,
  };
  const problems = reading.problems.toSorted((a, b) => a.line - b.line);
  return { draft: problems.length === 0 ? draft : null, problems };
}

function checkShape(row: CsvRow, reading: Reading): void {
  if (row.record.length !== row.columns.length)
    report(reading, row, 'has more or fewer cells than the header');
  if (Object.values(row.cells).some((value) => /[\0\uFFFD]/.test(value)))
    report(reading, row, 'is not UTF-8 text: save the file as “CSV UTF-8”');
  if (!hasVariant(row) && cell(row, 'Title') === '' && cell(row, 'Image Src') === '') {
    report(reading, row, 'has neither a variant nor an image');
  }
}

/** Rows that only name another picture have none of these. */
function hasVariant(row: CsvRow): boolean {
  return ['Variant Price', 'Variant SKU', 'Option1 Value', 'Option2 Value', 'Option3 Value'].some(
    (column) => cell(row, column) !== '',
  );
}

function slugIn(handle: string, row: CsvRow, reading: Reading): string {
  const slug = slugOf(handle);
  if (handle === '') report(reading, row, 'Handle is missing');
  else if (slug === '')
    report(reading, row, `Handle: expected Latin letters or digits, received "${shown(handle)}"`);
  else if (slug.length > NAME_LENGTH_MAX)
    report(reading, row, `Handle: expected at most ${NAME_LENGTH_MAX} characters, received ${slug.length}`);
  return slug;
}

function optionsOf(first: CsvRow, variantRows: readonly CsvRow[], reading: Reading): string[] {
  const numbers = Array.from({ length: OPTIONS_MAX }, (_, at) => at + 1);
  const beyond = `Option${OPTIONS_MAX + 1}`;
  for (const row of variantRows) {
    if (cell(row, `${beyond} Name`) !== '' || cell(row, `${beyond} Value`) !== '')
      report(reading, row, `expected at most ${OPTIONS_MAX} options, received more`);
  }
  const onlyVariant = variantRows.length === 1 && cell(first, 'Option1 Value') === ONLY_VARIANT;
  if (onlyVariant) return [];
  const names = numbers.map((number) =>
    text(first, `Option${number} Name`, { max: LABEL_LENGTH_MAX }, reading),
  );
  const options = names.filter((name) => name !== '');
  if (names.slice(0, options.length).includes(''))
    report(reading, first, 'option names have a gap between them');
  if (new Set(options).size < options.length) report(reading, first, 'two options have the same name');
  return options;
}

function variantOf(row: CsvRow, options: readonly string[], reading: Reading): VariantDraft {
  const priceCents = amount(row, 'Variant Price', reading);
  if (cell(row, 'Variant Price') === '') report(reading, row, 'Variant Price is missing');
  const compareAtCents = amount(row, 'Variant Compare At Price', reading);
  const backorder = backorderOf(row, reading);
  return {
    optionValues: optionValues(row, options, reading),
    // Spreadsheets keep a number as text when it begins with an apostrophe.
    sku: text(row, 'Variant SKU', { max: LABEL_LENGTH_MAX }, reading).replace(/^'/, '') || null,
    priceCents: priceCents ?? (0 as Cents),
    compareAtCents:
      compareAtCents !== null && priceCents !== null && compareAtCents > priceCents ? compareAtCents : null,
    weightGrams: grams(row, reading),
    stock: stockOf(row, reading),
    ...(backorder !== undefined && { backorder }),
  };
}

function optionValues(row: CsvRow, options: readonly string[], reading: Reading): string[] {
  const columns = Array.from({ length: OPTIONS_MAX }, (_, at) => `Option${at + 1} Value`);
  for (const column of columns.slice(options.length)) {
    const value = cell(row, column);
    if (value !== '' && value !== ONLY_VARIANT)
      report(reading, row, `${column}: "${shown(value)}" belongs to no option`);
  }
  return columns
    .slice(0, options.length)
    .map((column) => text(row, column, { needed: true, max: NAME_LENGTH_MAX }, reading));
}

function reportTwins(rows: readonly CsvRow[], variants: readonly VariantDraft[], reading: Reading): void {
  const lines = new Map<string, number>();
  for (const [at, row] of rows.entries()) {
    const variant = variants[at];
    const title = variant ? variantTitle(variant) : '';
    const twin = lines.get(title);
    if (twin === undefined) lines.set(title, row.line);
    else
      report(
        reading,
        row,
        `is the variant "${shown(title) || ONLY_VARIANT}" again, which is on line ${twin}`,
      );
  }
}

/** Products of one type share a category. */
function categoryOf(row: CsvRow, reading: Reading): CategoryDraft | null {
  const name = text(row, 'Type', { max: LABEL_LENGTH_MAX }, reading);
  if (name === '') return null;
  const handle = slugOf(text(row, CATEGORY_HANDLE, { max: LABEL_LENGTH_MAX }, reading));
  return { slug: handle || categorySlug(name), name };
}

function tagsOf(row: CsvRow, reading: Reading): string[] {
  const tags = tagsIn(cell(row, 'Tags'));
  if (tags.some((tag) => tag.length > NAME_LENGTH_MAX))
    report(reading, row, `Tags: expected at most ${NAME_LENGTH_MAX} characters each`);
  return [...new Set(tags)];
}
