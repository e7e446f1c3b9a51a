import type { Fragment, StoreTenant, TenantDb, TenantTx } from '#core/db/tenant.ts';

const PRODUCTS_PER_PAGE = 100;

export interface ExportedProduct {
  readonly id: number;
  readonly position: number;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly category: string | null;
  readonly category_slug: string | null;
  readonly active: boolean;
  readonly shippable: boolean;
  readonly tags: readonly string[];
  readonly options: readonly string[];
  readonly images: readonly { readonly file: string; readonly alt: string }[];
  readonly variants: readonly ExportedVariant[];
}

export interface ExportedVariant {
  readonly option_values: readonly string[];
  readonly sku: string | null;
  readonly price_cents: number;
  readonly compare_at_cents: number | null;
  readonly weight_grams: number;
  /** Pieces in the store; null when they are not counted. */
  readonly stock: number | null;
  /** Whether it is sold on when nothing is left of what is counted. */
  readonly backorder: boolean;
}

type Place = Pick<ExportedProduct, 'position' | 'id'>;

/** The store's own products and those of all stores, also those that are off the shelf, a page at a time. */
export async function* exportedProducts(db: TenantDb<StoreTenant>): AsyncGenerator<ExportedProduct> {
  let after: Place | undefined = { position: -1, id: 0 };
  while (after) {
    const place: Place = after;
    const page = await db.read((tx) => productsAfter(tx, place));
    yield* page;
    after = page.at(-1);
  }
}

/** Those of these slugs, as an export would have them. */
export function productsCalled(
  tx: TenantTx<StoreTenant>,
  slugs: readonly string[],
): Promise<ExportedProduct[]> {
  const { sql, tenant } = tx;
  return exported(
    tx,
    sql`
      SELECT p.* FROM products p
      WHERE p.merchant_id = ${tenant.merchantId} AND p.slug IN (SELECT unnest(${slugs}::text[])) AND p.archived_at IS NULL`,
  );
}

/** Each owner's are read in their order: together they would have to be sorted for every page. */
function productsAfter(tx: TenantTx<StoreTenant>, { position, id }: Place): Promise<ExportedProduct[]> {
  const { sql, tenant } = tx;
  const of = (owner: Fragment) => sql`
    (SELECT p.* FROM products p
      WHERE p.merchant_id = ${tenant.merchantId} AND ${owner} AND p.archived_at IS NULL AND (p.position, p.id) > (${position}, ${id})
      ORDER BY p.position, p.id LIMIT ${PRODUCTS_PER_PAGE})`;
  return exported(
    tx,
    sql`
      ${of(sql`p.store_id = ${tenant.storeId}`)} UNION ALL ${of(sql`p.store_id IS NULL`)} ORDER BY position, id LIMIT ${PRODUCTS_PER_PAGE}`,
  );
}

/** LIMIT has the level of each variant looked up: joined, all of the store's were read for each product until the tables were counted. */
function exported({ sql, tenant }: TenantTx<StoreTenant>, chosen: Fragment): Promise<ExportedProduct[]> {
  return sql<ExportedProduct[]>`
    SELECT p.id, p.position, p.slug, p.name, p.description, c.name AS category, c.slug AS category_slug, p.active, p.shippable,
      coalesce((SELECT json_agg(tag ORDER BY tag) FROM product_tags t WHERE t.merchant_id = p.merchant_id AND t.product_id = p.id), '[]') AS tags,
      coalesce((SELECT json_agg(o.name ORDER BY o.position) FROM product_options o
        WHERE o.merchant_id = p.merchant_id AND o.product_id = p.id), '[]') AS options,
      coalesce((SELECT json_agg(json_build_object('file', file, 'alt', alt) ORDER BY position) FROM product_images i
        WHERE i.merchant_id = p.merchant_id AND i.product_id = p.id), '[]') AS images,
      coalesce((SELECT json_agg(json_build_object('option_values', ARRAY(
            SELECT chosen.value FROM variant_option_values l
              JOIN product_options o ON o.merchant_id = l.merchant_id AND o.id = l.option_id
              JOIN option_values chosen ON chosen.merchant_id = l.merchant_id AND chosen.id = l.value_id
            WHERE l.merchant_id = v.merchant_id AND l.variant_id = v.id ORDER BY o.position),
          'sku', v.sku, 'price_cents', v.price_cents, 'compare_at_cents', v.compare_at_cents, 'weight_grams', v.weight_grams,
          'stock', s.quantity, 'backorder', coalesce(s.quantity IS NOT NULL AND s.backorder, false)) ORDER BY v.position, v.id)
        FROM variants v LEFT JOIN LATERAL (
          SELECT quantity, backorder FROM stock_levels level
          WHERE level.merchant_id = v.merchant_id AND level.store_id = ${tenant.storeId} AND level.variant_id = v.id LIMIT 1) s ON true
        WHERE v.merchant_id = p.merchant_id AND v.product_id = p.id AND v.archived_at IS NULL), '[]') AS variants
    FROM (${chosen}) AS p LEFT JOIN categories c ON c.merchant_id = p.merchant_id AND c.id = p.category_id
    ORDER BY p.position, p.id`;
}
