import type { TenantTx } from '#core/db/tenant.ts';
import type { CategoryId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { ProductDraft } from '../catalog/product.ts';

/** The category of each draft, or null. What is sold in all stores does not lie in a category of one. Refuses VALIDATION_FAILED. */
export async function categoryIds(
  tx: TenantTx,
  products: readonly ProductDraft[],
): Promise<(CategoryId | null)[]> {
  const wanted = products.flatMap(({ category }) => category ?? []);
  const named = new Map(
    wanted.flatMap((category) => ('slug' in category ? [[category.slug, category.name]] : [])),
  );
  await refuseUnseen(
    tx,
    wanted.flatMap((category) => ('id' in category ? [category.id] : [])),
  );
  const bySlug = await idsBySlug(tx, named);
  return products.map(({ category }) => {
    if (!category) return null;
    return 'id' in category ? category.id : (bySlug.get(category.slug) ?? null);
  });
}

async function refuseUnseen({ sql, tenant }: TenantTx, ids: readonly CategoryId[]): Promise<void> {
  const wanted = new Set(ids);
  if (wanted.size === 0) return;
  const seen = await sql`
    SELECT FROM categories WHERE merchant_id = ${tenant.merchantId} AND id = ANY(${[...wanted]}::bigint[])
      AND (store_id IS NULL OR store_id = ${tenant.storeId}::bigint)`;
  if (seen.length === wanted.size) return;
  throw refusal(
    'VALIDATION_FAILED',
    'Expected a category of the stores that sell the product, received another.',
    {
      errors: { category: ['must be a category of the stores that sell the product'] },
    },
  );
}

/** The categories in sight, or new ones at the end. */
async function idsBySlug(
  { sql, tenant }: TenantTx,
  wanted: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, CategoryId>> {
  if (wanted.size === 0) return new Map();
  const { merchantId, storeId } = tenant;
  const rows = await sql<{ slug: string; id: CategoryId }[]>`
    WITH given AS MATERIALIZED (
      SELECT * FROM unnest(${[...wanted.keys()]}::text[], ${[...wanted.values()]}::text[]) WITH ORDINALITY AS category (slug, name, nth)
    ), known AS (
      SELECT DISTINCT ON (slug) slug, id FROM categories
      WHERE merchant_id = ${merchantId} AND slug = ANY(${[...wanted.keys()]}::text[]) AND (store_id IS NULL OR store_id = ${storeId}::bigint)
      ORDER BY slug, store_id NULLS LAST
    ), added AS (
      INSERT INTO categories AS kept (merchant_id, store_id, slug, name, position)
      SELECT ${merchantId}, ${storeId}::bigint, slug, name,
        (SELECT coalesce(max(position), 0) FROM categories WHERE merchant_id = ${merchantId}) + row_number() OVER (ORDER BY nth)
      FROM given WHERE slug NOT IN (SELECT slug FROM known) ORDER BY slug
      ON CONFLICT (merchant_id, store_id, slug) DO UPDATE SET name = kept.name RETURNING slug, id
    )
    SELECT slug, id FROM known UNION ALL SELECT slug, id FROM added`;
  return new Map(rows.map(({ slug, id }) => [slug, id]));
}
