import { cents } from '#core/values/money.ts';
import { refusal } from '../errors.ts';
import { variantTitle, type ProductDraft, type VariantDraft } from '../catalog/product.ts';
import type { ExportedProduct, ExportedVariant } from './export-queries.ts';
import { STOCK_COLUMNS } from './shopify-cells.ts';
import { CATEGORY_HANDLE } from './shopify-product.ts';

type HasColumn = (...names: readonly string[]) => boolean;

/**
 * The draft with what its file has no column for as it is in the shop: a price list changes prices and nothing else. An empty cell empties,
 * as Shopify has it. Refuses VALIDATION_FAILED where a product has options that the file cannot name: its variants would go.
 */
export function withAbsentColumns(
  draft: ProductDraft,
  columns: readonly string[],
  present: ExportedProduct | undefined,
): ProductDraft {
  if (!present) return draft;
  const has: HasColumn = (...names) => names.some((name) => columns.includes(name));
  if (present.options.length > 0 && !has('Option1 Value')) throw optionsMissing(present);
  return {
    ...draft,
    ...(!has('Body (HTML)') && { description: present.description }),
    ...(!has('Type', CATEGORY_HANDLE) && { category: categoryOf(present) }),
    ...(!has('Tags') && { tags: present.tags }),
    ...(!has('Published', 'Status') && { active: present.active }),
    ...(!has('Variant Requires Shipping') && { shippable: present.shippable }),
    variants: draft.variants.map((variant) => variantWith(variant, present, has)),
  };
}

function categoryOf({ category, category_slug: slug }: ExportedProduct): ProductDraft['category'] {
  return category !== null && slug !== null ? { slug, name: category } : null;
}

function variantWith(draft: VariantDraft, present: ExportedProduct, has: HasColumn): VariantDraft {
  const was = presentVariant(draft, present);
  if (!was) return draft;
  const { stock, ...others } = draft;
  return {
    ...others,
    ...(!has('Variant SKU') && { sku: was.sku }),
    ...(!has('Variant Grams') && { weightGrams: was.weight_grams }),
    ...(!has('Variant Compare At Price') && { compareAtCents: wasAbove(draft, was) }),
    ...(stock !== undefined && !leavesStock(stock, was, has) && { stock }),
  };
}

function presentVariant(draft: VariantDraft, { variants }: ExportedProduct): ExportedVariant | undefined {
  const title = variantTitle(draft);
  return (
    variants.find(({ option_values }) => variantTitle({ optionValues: option_values }) === title) ??
    variants.find(({ sku }) => sku !== null && sku === draft.sku)
  );
}

/** A price that grew past what it is compared with has nothing to be compared with any more. */
function wasAbove({ priceCents }: VariantDraft, was: ExportedVariant): VariantDraft['compareAtCents'] {
  const compareAt = was.compare_at_cents;
  return compareAt !== null && compareAt > priceCents ? cents(compareAt) : null;
}

/** Who tracks and how many there are, each when the file does not say: what is counted stays counted, at what it is. */
function leavesStock(stock: number | null, was: ExportedVariant, has: HasColumn): boolean {
  if (stock === null) return !has(STOCK_COLUMNS.tracker);
  return !has(STOCK_COLUMNS.quantity) && was.stock !== null;
}

function optionsMissing({ slug, options }: ExportedProduct) {
  const reason = `"${slug}" has the options ${options.join(', ')}, and the file has no column Option1 Value`;
  return refusal('VALIDATION_FAILED', reason);
}
