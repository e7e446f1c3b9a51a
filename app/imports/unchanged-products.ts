import type { ProductDraft, VariantDraft } from '../catalog/product.ts';
import { sanitizeDescription } from '../catalog/sanitize-description.ts';
import type { ExportedProduct, ExportedVariant } from './export-queries.ts';

/** Whether a draft says nothing new, as most of a file that comes again: nobody is told of it, and nothing is written. The description comes last: to clean its HTML is most of the work. */
export function saysNothingNew(draft: ProductDraft, present: ExportedProduct | undefined): boolean {
  return (
    present !== undefined &&
    isSame(cellsOf(draft), cellsOfPresent(present)) &&
    draft.variants.length === present.variants.length &&
    draft.variants.every((variant, at) => isSameVariant(variant, present.variants[at])) &&
    sanitizeDescription(draft.description) === present.description
  );
}

function cellsOf({ name, category, active, shippable, tags, options }: ProductDraft) {
  const slug = category && 'slug' in category ? category.slug : null;
  return [name, slug, active, shippable, tags.toSorted(), options];
}

function cellsOfPresent({ name, category_slug, active, shippable, tags, options }: ExportedProduct) {
  return [name, category_slug, active, shippable, tags.toSorted(), options];
}

function isSameVariant(draft: VariantDraft, present: ExportedVariant | undefined): boolean {
  if (!present) return false;
  const { optionValues, sku, priceCents, compareAtCents, weightGrams } = draft;
  const { stock = present.stock, backorder = present.backorder } = draft;
  return isSame(
    [optionValues, sku, priceCents, compareAtCents, weightGrams, stock, stock !== null && backorder],
    [
      present.option_values,
      present.sku,
      present.price_cents,
      present.compare_at_cents,
      present.weight_grams,
      present.stock,
      present.backorder,
    ],
  );
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
