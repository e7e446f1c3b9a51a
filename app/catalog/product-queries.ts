import type { Fragment, StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { Category, Product, ProductList } from './product-view.ts';
import { cursorAfter, placeBehind } from './product-cursor.ts';
import { projectProduct, type ProductRow } from './project-product.ts';
import { pageOf, placed } from './placed-products.ts';
import { foundProducts } from './search-products.ts';
import { productOnShelf } from './visible-product.ts';

export const PRODUCTS_PER_PAGE = 20;
export const PRODUCTS_PER_PAGE_MAX = 100;

export interface ProductListQuery {
  /** The store's, for the prices. */
  readonly currency: string;
  /** Slug of a category; products of the categories below it are found too. */
  readonly category?: string | undefined;
  /** What a customer typed: words or their beginnings; parts of words and slips when these are nowhere. */
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** A page of what the store sells: in the merchant's order, or best first when something is looked for. */
export async function productList(tx: TenantTx<StoreTenant>, query: ProductListQuery): Promise<ProductList> {
  const limit = Math.min(query.limit ?? PRODUCTS_PER_PAGE, PRODUCTS_PER_PAGE_MAX);
  const typed = query.q?.trim() ?? '';
  const rows =
    typed === '' ? await inOrder(tx, query, limit + 1) : await bestFirst(tx, typed, query, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map((row) => projectProduct(row, query.currency)),
    next_cursor: last && rows.length > limit ? cursorAfter(last) : null,
  };
}

/** The product of that slug, or null. A store's own product stands before the merchant's of the same slug. */
export async function productBySlug(
  tx: TenantTx<StoreTenant>,
  { slug, currency }: { readonly slug: string; readonly currency: string },
): Promise<Product | null> {
  const [row] = await projected(
    tx,
    tx.sql`
      SELECT p.merchant_id, p.id, 0 AS place FROM products p
      WHERE ${productOnShelf(tx)} AND p.slug = ${slug}
      ORDER BY p.store_id NULLS LAST LIMIT 1`,
  );
  return row ? projectProduct(row, currency) : null;
}

/** The categories that lead to a product that the store sells, in the merchant's order. */
export async function categories(tx: TenantTx<StoreTenant>): Promise<Category[]> {
  const { sql, tenant } = tx;
  return sql<Category[]>`
    WITH RECURSIVE used AS (
      SELECT c.id FROM categories c WHERE c.merchant_id = ${tenant.merchantId}
        AND EXISTS (SELECT FROM products p WHERE p.category_id = c.id AND ${productOnShelf(tx)})
      UNION
      SELECT c.parent_id FROM categories c JOIN used ON c.merchant_id = ${tenant.merchantId} AND c.id = used.id
    )
    SELECT c.slug, c.name, parent.slug AS parent
    FROM used JOIN categories c ON c.merchant_id = ${tenant.merchantId} AND c.id = used.id
    LEFT JOIN categories parent ON parent.merchant_id = c.merchant_id AND parent.id = c.parent_id
    ORDER BY c.position, c.id`;
}

async function bestFirst(
  tx: TenantTx<StoreTenant>,
  typed: string,
  query: ProductListQuery,
  limit: number,
): Promise<ProductRow[]> {
  const among = tx.sql`${productOnShelf(tx)} ${inCategory(tx, query)}`;
  const found = await foundProducts(tx, { typed, among });
  return projected(tx, placed(tx, pageOf(found, query.cursor, limit)));
}

/** The store's own products and those of all stores, each read in their order: together they would have to be sorted first. */
async function inOrder(
  tx: TenantTx<StoreTenant>,
  query: ProductListQuery,
  limit: number,
): Promise<ProductRow[]> {
  const { sql, tenant } = tx;
  const of = (owner: Fragment) => sql`
    (SELECT p.merchant_id, p.id, p.position AS place FROM products p
      WHERE ${productOnShelf(tx, owner)} ${inCategory(tx, query)} ${after(tx, query)}
      ORDER BY p.position, p.id LIMIT ${limit})`;
  return projected(
    tx,
    sql`
      ${of(sql`p.store_id = ${tenant.storeId}`)} UNION ALL ${of(sql`p.store_id IS NULL`)} ORDER BY place, id LIMIT ${limit}`,
  );
}

function inCategory({ sql, tenant }: TenantTx, { category }: ProductListQuery) {
  if (category === undefined) return sql``;
  return sql`AND p.category_id IN (
    WITH RECURSIVE below AS (
      SELECT c.id FROM categories c WHERE c.merchant_id = ${tenant.merchantId} AND c.slug = ${category}
      UNION
      SELECT c.id FROM categories c JOIN below ON c.merchant_id = ${tenant.merchantId} AND c.parent_id = below.id
    )
    SELECT id FROM below)`;
}

function after({ sql }: TenantTx, { cursor }: ProductListQuery) {
  if (cursor === undefined) return sql``;
  const { place, id } = placeBehind(cursor);
  return sql`AND (p.position, p.id) > (${place}, ${id})`;
}

/** The chosen products with everything that hangs on them, in one statement. */
function projected({ sql, tenant }: TenantTx<StoreTenant>, chosen: Fragment): Promise<ProductRow[]> {
  return sql<ProductRow[]>`
    SELECT p.id, chosen.place, p.slug, p.name, p.description,
      (SELECT json_build_object('slug', c.slug, 'name', c.name) FROM categories c
        WHERE c.merchant_id = p.merchant_id AND c.id = p.category_id) AS category,
      (SELECT json_agg(t.tag ORDER BY t.tag) FROM product_tags t
        WHERE t.merchant_id = p.merchant_id AND t.product_id = p.id) AS tags,
      (SELECT json_agg(json_build_object('id', i.id, 'file', i.file, 'alt', i.alt, 'width', i.width, 'height', i.height)
          ORDER BY i.position) FROM product_images i
        WHERE i.merchant_id = p.merchant_id AND i.product_id = p.id) AS images,
      (SELECT json_agg(json_build_object('name', o.name, 'values',
          (SELECT json_agg(l.value ORDER BY l.position, l.id) FROM option_values l
            WHERE l.merchant_id = o.merchant_id AND l.option_id = o.id)) ORDER BY o.position, o.id) FROM product_options o
        WHERE o.merchant_id = p.merchant_id AND o.product_id = p.id) AS options,
      (SELECT json_agg(json_build_object('id', v.id, 'sku', v.sku, 'title', v.title,
          'price_cents', CASE WHEN on_sale THEN v.sale_cents ELSE v.price_cents END,
          'compare_at_cents', CASE WHEN on_sale THEN v.price_cents ELSE v.compare_at_cents END, 'image_id', v.image_id, 'available', coalesce(s.quantity > 0 OR s.backorder, true), 'option_values',
          (SELECT json_agg(l.value ORDER BY o.position, o.id) FROM variant_option_values vl
            JOIN product_options o ON o.merchant_id = vl.merchant_id AND o.id = vl.option_id
            JOIN option_values l ON l.merchant_id = vl.merchant_id AND l.id = vl.value_id
            WHERE vl.merchant_id = v.merchant_id AND vl.variant_id = v.id)) ORDER BY v.position, v.id) FROM variants v
        LEFT JOIN stock_levels s ON s.merchant_id = v.merchant_id AND s.store_id = ${tenant.storeId} AND s.variant_id = v.id
        CROSS JOIN LATERAL (SELECT v.sale_cents < v.price_cents AND coalesce(v.sale_from <= now(), true)
          AND coalesce(v.sale_until > now(), true) AS on_sale) AS sale
        WHERE v.merchant_id = p.merchant_id AND v.product_id = p.id AND v.archived_at IS NULL) AS variants,
      (SELECT json_agg(json_build_object('id', g.id, 'name', g.name, 'min_select', g.min_select, 'max_select', g.max_select,
          'required', g.required, 'choices',
          (SELECT json_agg(json_build_object('id', c.id, 'name', c.name, 'price_delta_cents', c.price_delta_cents,
              'max_quantity', c.max_quantity) ORDER BY c.position, c.id) FROM customization_choices c
            WHERE c.merchant_id = g.merchant_id AND c.group_id = g.id AND c.active)) ORDER BY g.position, g.id)
        FROM customization_groups g WHERE g.merchant_id = p.merchant_id AND g.product_id = p.id) AS groups
    FROM (${chosen}) chosen JOIN products p USING (merchant_id, id)
    ORDER BY chosen.place, p.id`;
}
