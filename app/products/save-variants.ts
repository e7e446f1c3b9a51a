import type { TenantTx } from '#core/db/tenant.ts';
import type { ProductId, VariantId } from '#core/values/ids.ts';
import type { CountedVariant } from '../stock/count-stock.ts';
import { variantTitle, type VariantDraft } from '../catalog/product.ts';
import { saveOptions, type VariantOfProduct } from './save-options.ts';
import { knownIds, type KeptProduct } from './upsert-products.ts';

/** Makes the drafts' the variants and options of their products; answers the variants with their ids, in the drafts' order. */
export async function saveVariants(
  tx: TenantTx,
  products: readonly KeptProduct[],
): Promise<CountedVariant[]> {
  const variants = await writeVariants(tx, products, matchAll(products, await knownVariants(tx, products)));
  await saveOptions(tx, products, variants);
  return variants.flatMap(({ id, isNew, draft: { stock, backorder } }) =>
    stock === undefined ? [] : [{ id, isNew, stock, ...(backorder !== undefined && { backorder }) }],
  );
}

export interface KnownVariant {
  readonly id: VariantId;
  readonly title: string;
  readonly sku: string | null;
}

/**
 * Which known variant each of the draft is: the one that it names, else the one of the same option values, else the one of the same SKU,
 * else a new one (null).
 */
export function matchVariants(
  drafts: readonly VariantDraft[],
  known: readonly KnownVariant[],
): (VariantId | null)[] {
  const free = new Set(known);
  const take = (variant: KnownVariant | undefined) => {
    if (variant) free.delete(variant);
    return variant?.id ?? null;
  };
  const named = drafts.map(({ id }) =>
    id === undefined ? null : take(known.find((variant) => variant.id === id)),
  );
  const byTitle = drafts.map(
    (draft, at) => named[at] ?? take([...free].find(({ title }) => title === variantTitle(draft))),
  );
  return drafts.map(
    ({ sku }, at) =>
      byTitle[at] ?? (sku === null ? null : take([...free].find((variant) => variant.sku === sku))),
  );
}

type KnownVariants = ReadonlyMap<ProductId, readonly KnownVariant[]>;

/** Archived ones too: a variant that comes back is the same one. */
async function knownVariants(
  { sql, tenant }: TenantTx,
  products: readonly KeptProduct[],
): Promise<KnownVariants> {
  const ids = knownIds(products);
  if (ids.length === 0) return new Map();
  const rows = await sql<(KnownVariant & { productId: ProductId })[]>`
    SELECT id, title, sku, product_id AS "productId" FROM variants
    WHERE merchant_id = ${tenant.merchantId} AND product_id = ANY(${ids}::bigint[])
    ORDER BY archived_at NULLS FIRST, position, id`;
  return Map.groupBy(rows, ({ productId }) => productId);
}

/** A variant of a draft, with the id of the known one that it is. */
interface MatchedVariant {
  readonly productId: ProductId;
  readonly position: number;
  readonly draft: VariantDraft;
  readonly id: VariantId | null;
}

function matchAll(products: readonly KeptProduct[], known: KnownVariants): MatchedVariant[] {
  return products.flatMap(({ id: productId, draft }) => {
    const ids = matchVariants(draft.variants, known.get(productId) ?? []);
    return draft.variants.map((variant, position) => ({
      productId,
      position,
      draft: variant,
      id: ids[position] ?? null,
    }));
  });
}

/** A variant that is as it was is left alone: most rows of a file that comes again have changed nothing. */
async function writeVariants(
  { sql, tenant }: TenantTx,
  products: readonly KeptProduct[],
  variants: readonly MatchedVariant[],
): Promise<VariantOfProduct[]> {
  const { merchantId } = tenant;
  const kept = variants.flatMap(({ id }) => (id === null ? [] : [id]));
  const added = await sql<{ id: VariantId; product_id: ProductId; position: number }[]>`
    WITH given AS MATERIALIZED (
      SELECT variant.*, i.id AS image_id
      FROM jsonb_to_recordset(${sql.json(variants.map(variantRow) as never)}) AS variant (id bigint, product_id bigint, position int, title text,
        sku text, price_cents bigint, compare_at_cents bigint, weight_grams int, image int, keeps_image boolean)
      LEFT JOIN product_images i ON i.merchant_id = ${merchantId} AND i.product_id = variant.product_id AND i.position = variant.image
    ), gone AS (
      UPDATE variants SET archived_at = now() WHERE merchant_id = ${merchantId} AND product_id = ANY(${knownIds(products)}::bigint[])
        AND archived_at IS NULL AND id <> ALL(${kept}::bigint[])
    ), changed AS (
      UPDATE variants AS v SET position = given.position, title = given.title, sku = given.sku, price_cents = given.price_cents,
        compare_at_cents = given.compare_at_cents, weight_grams = given.weight_grams, image_id = CASE WHEN keeps_image THEN v.image_id ELSE given.image_id END,
        archived_at = NULL
      FROM given WHERE v.merchant_id = ${merchantId} AND v.id = ANY(${kept}::bigint[]) AND v.id = given.id
        AND (v.position, v.title, v.sku, v.price_cents, v.compare_at_cents, v.weight_grams, v.image_id, v.archived_at)
          IS DISTINCT FROM (given.position, given.title, given.sku, given.price_cents, given.compare_at_cents, given.weight_grams,
            CASE WHEN keeps_image THEN v.image_id ELSE given.image_id END, NULL)
    )
    INSERT INTO variants (merchant_id, product_id, image_id, position, title, sku, price_cents, compare_at_cents, weight_grams)
    SELECT ${merchantId}, product_id, image_id, position, title, sku, price_cents, compare_at_cents, weight_grams
    FROM given WHERE id IS NULL ORDER BY product_id, position RETURNING id, product_id, position`;
  const ids = new Map(added.map(({ id, product_id, position }) => [`${product_id} ${position}`, id]));
  return variants.flatMap(({ productId, position, draft, id }) => {
    const written = id ?? ids.get(`${productId} ${position}`);
    return written === undefined ? [] : [{ id: written, isNew: id === null, productId, draft }];
  });
}

function variantRow({ id, productId, position, draft }: MatchedVariant) {
  return {
    id,
    product_id: productId,
    position,
    title: variantTitle(draft),
    sku: draft.sku,
    price_cents: draft.priceCents,
    compare_at_cents: draft.compareAtCents,
    weight_grams: draft.weightGrams,
    image: draft.image ?? null,
    keeps_image: draft.image === undefined,
  };
}
