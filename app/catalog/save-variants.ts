import type { TenantTx } from '#core/db/tenant.ts';
import type { ProductId, VariantId } from '#core/values/ids.ts';
import type { CountedVariant } from './count-stock.ts';
import { variantTitle, type ProductDraft, type VariantDraft } from './product.ts';

/** Makes these the variants and options of the product; answers the variants with their ids, in the draft's order. */
export async function saveVariants(
  tx: TenantTx,
  productId: ProductId,
  product: ProductDraft,
): Promise<CountedVariant[]> {
  const known = await knownVariants(tx, productId);
  const ids = await writeVariants(tx, productId, product.variants, matchVariants(product.variants, known));
  await writeOptions(tx, productId, product, ids);
  return product.variants.flatMap(({ stock }, position) => {
    const id = ids.get(position);
    return id === undefined ? [] : [{ id, stock }];
  });
}

export interface KnownVariant {
  readonly id: VariantId;
  readonly title: string;
  readonly sku: string | null;
}

/** Which known variant each of the draft is: the one of the same option values, else the one of the same SKU, else a new one (null). */
export function matchVariants(
  drafts: readonly VariantDraft[],
  known: readonly KnownVariant[],
): (VariantId | null)[] {
  const free = new Set(known);
  const take = (variant: KnownVariant | undefined) => {
    if (variant) free.delete(variant);
    return variant?.id ?? null;
  };
  const byTitle = drafts.map((draft) => take(known.find(({ title }) => title === variantTitle(draft))));
  return drafts.map(
    ({ sku }, at) =>
      byTitle[at] ?? (sku === null ? null : take([...free].find((variant) => variant.sku === sku))),
  );
}

/** Archived ones too: a variant that comes back is the same one. */
async function knownVariants({ sql, tenant }: TenantTx, productId: ProductId): Promise<KnownVariant[]> {
  return sql<KnownVariant[]>`
    SELECT id, title, sku FROM variants WHERE merchant_id = ${tenant.merchantId} AND product_id = ${productId}
    ORDER BY archived_at NULLS FIRST, position, id`;
}

/** By position in the draft. */
type VariantIds = ReadonlyMap<number, VariantId>;

async function writeVariants(
  { sql, tenant }: TenantTx,
  productId: ProductId,
  drafts: readonly VariantDraft[],
  matches: readonly (VariantId | null)[],
): Promise<VariantIds> {
  const { merchantId } = tenant;
  const rows = drafts.map((draft, position) => variantRow(draft, position, matches[position] ?? null));
  const written = await sql<{ id: VariantId; position: number }[]>`
    WITH given AS MATERIALIZED (
      SELECT variant.*, i.id AS image_id
      FROM jsonb_to_recordset(${sql.json(rows as never)}) AS variant (id bigint, position int, title text, sku text, price_cents bigint,
        compare_at_cents bigint, weight_grams int, image int)
      LEFT JOIN product_images i ON i.merchant_id = ${merchantId} AND i.product_id = ${productId} AND i.position = variant.image
    ), gone AS (
      UPDATE variants SET archived_at = now() WHERE merchant_id = ${merchantId} AND product_id = ${productId} AND archived_at IS NULL
        AND NOT EXISTS (SELECT FROM given WHERE given.id = variants.id)
    ), changed AS (
      UPDATE variants AS v SET position = given.position, title = given.title, sku = given.sku, price_cents = given.price_cents,
        compare_at_cents = given.compare_at_cents, weight_grams = given.weight_grams, image_id = coalesce(given.image_id, v.image_id),
        archived_at = NULL
      FROM given WHERE v.merchant_id = ${merchantId} AND v.id = given.id RETURNING v.id, v.position
    ), added AS (
      INSERT INTO variants (merchant_id, product_id, image_id, position, title, sku, price_cents, compare_at_cents, weight_grams)
      SELECT ${merchantId}, ${productId}, image_id, position, title, sku, price_cents, compare_at_cents, weight_grams
      FROM given WHERE id IS NULL ORDER BY position RETURNING id, position
    )
    SELECT id, position FROM changed UNION ALL SELECT id, position FROM added`;
  return new Map(written.map(({ id, position }) => [position, id]));
}

function variantRow(draft: VariantDraft, position: number, id: VariantId | null) {
  return {
    id,
    position,
    title: variantTitle(draft),
    sku: draft.sku,
    price_cents: draft.priceCents,
    compare_at_cents: draft.compareAtCents,
    weight_grams: draft.weightGrams,
    image: draft.image ?? null,
  };
}

/** Options have no ids outside, so they are made anew. Values come in the order in which variants first have them. */
async function writeOptions(
  { sql, tenant }: TenantTx,
  productId: ProductId,
  { options, variants }: ProductDraft,
  ids: VariantIds,
): Promise<void> {
  const { merchantId } = tenant;
  const rows = options.map((name, position) => ({
    name,
    position,
    values: [...new Set(variants.map(({ optionValues }) => optionValues[position] ?? ''))],
  }));
  const links = variants.flatMap(({ optionValues }, at) =>
    optionValues.map((value, position) => ({ variant_id: ids.get(at), position, value })),
  );
  await sql`DELETE FROM product_options WHERE merchant_id = ${merchantId} AND product_id = ${productId}`;
  if (rows.length === 0) return;
  await sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${sql.json(rows as never)}) AS option (name text, position int, "values" jsonb)
    ), added AS (
      INSERT INTO product_options (merchant_id, product_id, position, name)
      SELECT ${merchantId}, ${productId}, position, name FROM given ORDER BY position RETURNING id, position
    ), valued AS (
      INSERT INTO option_values (merchant_id, option_id, position, value)
      SELECT ${merchantId}, added.id, listed.nth - 1, listed.value
      FROM added JOIN given USING (position), jsonb_array_elements_text(given.values) WITH ORDINALITY AS listed (value, nth)
      RETURNING id, option_id, value
    )
    INSERT INTO variant_option_values (merchant_id, product_id, variant_id, option_id, value_id)
    SELECT ${merchantId}, ${productId}, link.variant_id, added.id, valued.id
    FROM jsonb_to_recordset(${sql.json(links as never)}) AS link (variant_id bigint, position int, value text)
    JOIN added USING (position) JOIN valued ON valued.option_id = added.id AND valued.value = link.value`;
}
