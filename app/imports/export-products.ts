import type { Readable } from 'node:stream';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { csvOf, type CsvCell } from '#core/http/csv.ts';
import { amountText, decimalsOf } from '#core/values/minor-units.ts';
import { exportedProducts, type ExportedProduct, type ExportedVariant } from './export-queries.ts';
import { OPTIONS_MAX } from '../catalog/product.ts';
import { mediaUrl } from '../catalog/project-product.ts';
import { CATEGORY_HANDLE, ONLY_VARIANT } from './shopify-product.ts';
import { tagCell } from './tag-cell.ts';

const COLUMNS = [
  'Handle',
  'Title',
  'Body (HTML)',
  'Type',
  CATEGORY_HANDLE,
  'Tags',
  'Published',
  'Option1 Name',
  'Option1 Value',
  'Option2 Name',
  'Option2 Value',
  'Option3 Name',
  'Option3 Value',
  'Variant SKU',
  'Variant Grams',
  'Variant Inventory Tracker',
  'Variant Inventory Qty',
  'Variant Inventory Policy',
  'Variant Price',
  'Variant Compare At Price',
  'Variant Requires Shipping',
  'Image Src',
  'Image Position',
  'Image Alt Text',
  'Status',
] as const;

const LIKE_ESCAPED = /^'+[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;

type Column = (typeof COLUMNS)[number];
type Row = Partial<Record<Column, CsvCell>>;

interface ExportProducts {
  readonly db: TenantDb<StoreTenant>;
  readonly currency: string;
  /** What stands before a picture's path, e.g. `https://shop.example`. */
  readonly origin: string;
}

/**
 * What the store sells, its own and what all stores sell, as a Shopify product CSV, in the order of the shelf, made while it is read.
 * Importing it again changes nothing.
 */
export function exportProducts({ db, currency, origin }: ExportProducts): Readable {
  return csvOf(COLUMNS, rowsOf(db, { decimals: decimalsOf(currency), origin }));
}

interface Writing {
  readonly decimals: number;
  readonly origin: string;
}

async function* rowsOf(db: TenantDb<StoreTenant>, writing: Writing): AsyncGenerator<CsvCell[]> {
  for await (const product of exportedProducts(db)) {
    const rows = Math.max(product.variants.length, product.images.length);
    for (let at = 0; at < rows; at++) {
      const row: Row = {
        Handle: product.slug,
        ...(at === 0 && productCells(product)),
        ...variantCells(product, product.variants[at], writing),
        ...imageCells(product, at, writing),
      };
      yield COLUMNS.map((column) => literal(row[column] ?? null));
    }
  }
}

/** A text that looks like an escaped formula is escaped too: the apostrophe is its own. */
function literal(cell: CsvCell): CsvCell {
  return typeof cell === 'string' && LIKE_ESCAPED.test(cell) ? `'${cell}` : cell;
}

function productCells(product: ExportedProduct): Row {
  const names = product.options.length > 0 ? product.options : ['Title'];
  return {
    Title: product.name,
    'Body (HTML)': product.description,
    Type: product.category,
    [CATEGORY_HANDLE]: product.category_slug,
    Tags: tagCell(product.tags),
    Published: String(product.active),
    Status: product.active ? 'active' : 'draft',
    ...numbered('Name', names),
  };
}

function variantCells(
  { options, shippable }: ExportedProduct,
  variant: ExportedVariant | undefined,
  { decimals }: Writing,
): Row {
  if (!variant) return {};
  const { sku, weight_grams, stock, backorder, price_cents, compare_at_cents } = variant;
  return {
    ...numbered('Value', options.length > 0 ? variant.option_values : [ONLY_VARIANT]),
    // Of a SKU, an import takes the first apostrophe for a spreadsheet's.
    'Variant SKU': sku?.startsWith("'") ? `'${sku}` : sku,
    'Variant Grams': weight_grams,
    'Variant Inventory Tracker': stock === null ? null : 'shopify',
    'Variant Inventory Qty': stock,
    'Variant Inventory Policy': backorder ? 'continue' : 'deny',
    'Variant Price': amountText(price_cents, decimals),
    'Variant Compare At Price': compare_at_cents === null ? null : amountText(compare_at_cents, decimals),
    'Variant Requires Shipping': String(shippable),
  };
}

function imageCells({ images }: ExportedProduct, at: number, { origin }: Writing): Row {
  const image = images[at];
  if (!image) return {};
  return {
    'Image Src': `${origin}${mediaUrl(image.file)}`,
    'Image Position': at + 1,
    'Image Alt Text': image.alt,
  };
}

/** `Option1 Name`, `Option2 Name` … */
function numbered(what: 'Name' | 'Value', cells: readonly string[]): Row {
  return Object.fromEntries(cells.slice(0, OPTIONS_MAX).map((text, at) => [`Option${at + 1} ${what}`, text]));
}
