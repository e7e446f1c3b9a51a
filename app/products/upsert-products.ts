import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { CategoryId, ProductId } from '#core/values/ids.ts';
import { variantTitle, type ProductDraft } from '../catalog/product.ts';
import { sanitizeDescription } from '../catalog/sanitize-description.ts';

/** A product whose row is as its draft says. */
export interface KeptProduct {
  readonly id: ProductId;
  readonly version: number;
  /** Null when it is new, or when someone else made it while this transaction waited. */
  readonly before: AuditedProduct | null;
  readonly draft: ProductDraft;
}

/** What the audit log keeps of a product, before and after. */
type AuditedProduct = {
  readonly name: string;
  readonly active: boolean;
  readonly tax_class?: string;
  readonly variants: readonly {
    readonly title: string;
    readonly sku: string | null;
    readonly price_cents: number;
  }[];
};

export function audited({ name, active, taxClass, variants }: ProductDraft): AuditedProduct {
  return {
    name,
    active,
    ...(taxClass !== undefined && { tax_class: taxClass }),
    variants: variants.map((variant) => ({
      title: variantTitle(variant),
      sku: variant.sku,
      price_cents: variant.priceCents,
    })),
  };
}

/** A checkout locks levels, then products whose last piece it takes. Whoever saves products of that slug must come in the same order. */
export async function lockLevels({ sql, tenant }: TenantTx<Tenant>, slugs: readonly string[]): Promise<void> {
  if (tenant.storeId === null) return;
  await sql`
    SELECT FROM stock_levels WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND variant_id = ANY(ARRAY(
      SELECT v.id FROM products p JOIN variants v ON v.merchant_id = p.merchant_id AND v.product_id = p.id
      WHERE p.merchant_id = ${tenant.merchantId} AND p.store_id = ${tenant.storeId} AND p.slug IN (SELECT unnest(${slugs}::text[]))))
    ORDER BY variant_id FOR NO KEY UPDATE`;
}

/**
 * The row locks that come with it make two savings of one product take turns, in the order of slugs. New products go to the end of the
 * shelf, in the order of the drafts.
 */
export async function upsertProducts(
  { sql, tenant }: TenantTx<Tenant>,
  drafts: readonly ProductDraft[],
  categories: readonly (CategoryId | null)[],
): Promise<KeptProduct[]> {
  const { merchantId, storeId } = tenant;
  const ofOwner = storeId === null ? sql`store_id IS NULL` : sql`store_id = ${storeId}`;
  const slugs = drafts.map(({ slug }) => slug);
  const taxed = drafts.filter(({ taxClass }) => taxClass !== undefined).map(({ slug }) => slug);
  const given = drafts.map(({ slug, name, description, taxClass = 'standard', shippable, active }, at) => ({
    slug,
    name,
    description: sanitizeDescription(description),
    category_id: categories[at] ?? null,
    tax_class: taxClass,
    shippable,
    active,
  }));
  const rows = await sql<(Omit<KeptProduct, 'draft'> & { slug: string })[]>`
    WITH before AS MATERIALIZED (
      SELECT slug, json_build_object('name', name, 'active', active, 'tax_class', tax_class, 'variants',
        (SELECT json_agg(json_build_object('title', v.title, 'sku', v.sku, 'price_cents', v.price_cents) ORDER BY v.position)
          FROM variants v WHERE v.merchant_id = p.merchant_id AND v.product_id = p.id AND v.archived_at IS NULL)) AS audited
      FROM products p WHERE merchant_id = ${merchantId} AND ${ofOwner} AND slug IN (SELECT unnest(${slugs}::text[]))
    ), shelf AS (
      SELECT coalesce(max(position), 0) AS last FROM products
      WHERE merchant_id = ${merchantId} AND ${ofOwner} AND archived_at IS NULL
    ), kept AS (
      INSERT INTO products AS kept (merchant_id, store_id, category_id, slug, name, description, tax_class, shippable, active, position)
      SELECT ${merchantId}, ${storeId}::bigint, category_id, slug, name, description, tax_class, shippable, active, last + nth
      FROM shelf, ROWS FROM (jsonb_to_recordset(${sql.json(given as never)}) AS
        (slug text, name text, description text, category_id bigint, tax_class text, shippable boolean, active boolean))
        WITH ORDINALITY AS given (slug, name, description, category_id, tax_class, shippable, active, nth)
      ORDER BY slug
      ON CONFLICT (merchant_id, store_id, slug) DO UPDATE SET category_id = excluded.category_id, name = excluded.name,
        description = excluded.description, shippable = excluded.shippable, active = excluded.active, archived_at = NULL,
        tax_class = CASE WHEN kept.slug = ANY(${taxed}::text[]) THEN excluded.tax_class ELSE kept.tax_class END, version = kept.version + 1
      RETURNING id, slug, version
    )
    SELECT kept.*, before.audited AS before FROM kept LEFT JOIN before USING (slug)`;
  const bySlug = new Map(rows.map(({ slug, ...row }) => [slug, row]));
  return drafts.flatMap((draft) => {
    const row = bySlug.get(draft.slug);
    return row ? [{ ...row, draft }] : [];
  });
}

export async function saveTags({ sql, tenant }: TenantTx, kept: readonly KeptProduct[]): Promise<void> {
  const pairs = kept.flatMap(({ id, draft }) => draft.tags.map((tag) => ({ id, tag })));
  const [ids, tags] = [pairs.map(({ id }) => id), pairs.map(({ tag }) => tag)];
  await sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM unnest(${ids}::bigint[], ${tags}::text[]) AS tagged (product_id, tag)
    ), gone AS (
      DELETE FROM product_tags WHERE merchant_id = ${tenant.merchantId} AND product_id = ANY(${knownIds(kept)}::bigint[])
        AND (product_id, tag) NOT IN (SELECT product_id, tag FROM given)
    )
    INSERT INTO product_tags (merchant_id, product_id, tag) SELECT ${tenant.merchantId}, product_id, tag FROM given
    ON CONFLICT DO NOTHING`;
}

export async function saveImages({ sql, tenant }: TenantTx, kept: readonly KeptProduct[]): Promise<void> {
  const changed = kept.filter(({ draft }) => draft.images);
  if (changed.length === 0) return;
  const images = changed.flatMap(({ id, draft }) =>
    (draft.images ?? []).map((image, position) => ({ ...image, product_id: id, position })),
  );
  await sql`DELETE FROM product_images WHERE merchant_id = ${tenant.merchantId} AND product_id = ANY(${knownIds(changed)}::bigint[])`;
  await sql`
    INSERT INTO product_images (merchant_id, product_id, position, file, alt, width, height)
    SELECT ${tenant.merchantId}, product_id, position, file, alt, width, height
    FROM jsonb_to_recordset(${sql.json(images as never)}) AS image
      (product_id bigint, position int, file text, alt text, width int, height int)`;
}

export async function saveDimensions({ sql, tenant }: TenantTx, kept: readonly KeptProduct[]): Promise<void> {
  const changed = kept.filter(({ draft }) => draft.dimensions !== undefined);
  if (changed.length === 0) return;
  const sizes = changed.map(({ id, draft }) => ({ id, ...draft.dimensions }));
  await sql`
    UPDATE products SET length_mm = size."lengthMm", width_mm = size."widthMm", height_mm = size."heightMm"
    FROM jsonb_to_recordset(${sql.json(sizes as never)}) AS size (id bigint, "lengthMm" int, "widthMm" int, "heightMm" int)
    WHERE merchant_id = ${tenant.merchantId} AND products.id = size.id`;
}

export function isNew({ version }: KeptProduct): boolean {
  return version === 1;
}

/** Of those that were there before: only they can have what must go. */
export function knownIds(kept: readonly KeptProduct[]): ProductId[] {
  return kept.filter((product) => !isNew(product)).map(({ id }) => id);
}
