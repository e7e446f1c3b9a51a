import type { Fragment, StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { idBehind, opaqueId, type CategoryId, type ProductId } from '#core/values/ids.ts';
import type { ProductRow, ProductStatus } from './managed-product-view.ts';
import { pageOf, placed } from '../catalog/placed-products.ts';
import { cursorAfter, placeBehind, type PlacedProduct } from '../catalog/product-cursor.ts';
import { mediaUrl } from '../catalog/project-product.ts';
import { foundProducts } from '../catalog/search-products.ts';

export const ROWS_PER_PAGE = 50;
/** Products whose SKU begins as was typed; they stand before what is found by name. */
const SKU_MATCHES_MAX = 100;
const LAST_CHARACTER = '\u{10FFFF}';

export interface ManagedQuery {
  /** Opaque; products of the categories below it are found too. */
  readonly category?: string | undefined;
  /** Absent: all but what is archived. */
  readonly status?: ProductStatus | undefined;
  /** Words of the name or description, or the beginning of a SKU. */
  readonly search?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface ProductRows {
  readonly data: readonly ProductRow[];
  readonly next_cursor: string | null;
}

/** A page of the products in sight of the store: in the merchant's order, or best first when something is looked for. */
export async function managedProducts(tx: TenantTx<StoreTenant>, query: ManagedQuery): Promise<ProductRows> {
  const limit = query.limit ?? ROWS_PER_PAGE;
  const typed = query.search?.trim() ?? '';
  const rows =
    typed === '' ? await inOrder(tx, query, limit + 1) : await bestFirst(tx, typed, query, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(projectRow),
    next_cursor: last && rows.length > limit ? cursorAfter(last) : null,
  };
}

async function inOrder(tx: TenantTx<StoreTenant>, query: ManagedQuery, limit: number): Promise<ListedRow[]> {
  const { sql, tenant } = tx;
  const of = (owner: Fragment) => sql`
    (SELECT p.merchant_id, p.id, p.position AS place FROM products p
      WHERE ${owner} AND ${asked(tx, query)} ${behind(tx, query)} ORDER BY p.position, p.id LIMIT ${limit})`;
  return listed(
    tx,
    sql`${of(sql`p.store_id = ${tenant.storeId}`)} UNION ALL ${of(sql`p.store_id IS NULL`)} ORDER BY place, id LIMIT ${limit}`,
  );
}

async function bestFirst(
  tx: TenantTx<StoreTenant>,
  typed: string,
  query: ManagedQuery,
  limit: number,
): Promise<ListedRow[]> {
  const among = asked(tx, query);
  const bySku = await withSku(tx, typed, among);
  const known = new Set(bySku.map(({ id }) => id));
  const byName = (await foundProducts(tx, { typed, among })).filter(({ id }) => !known.has(id));
  return listed(tx, placed(tx, pageOf([...bySku, ...byName], query.cursor, limit)));
}

/** SKUs are typed as they are, or without looking at the shift key. */
async function withSku(
  { sql, tenant }: TenantTx<StoreTenant>,
  typed: string,
  among: Fragment,
): Promise<PlacedProduct[]> {
  const matching = [...new Set([typed, typed.toUpperCase()])];
  const [first, second = first] = matching;
  return sql<PlacedProduct[]>`
    SELECT DISTINCT p.id, 0 AS place FROM variants v JOIN products p ON p.merchant_id = v.merchant_id AND p.id = v.product_id
    WHERE v.merchant_id = ${tenant.merchantId} AND v.archived_at IS NULL AND ${among}
      AND (v.sku >= ${first ?? ''} AND v.sku < ${`${first}${LAST_CHARACTER}`} OR v.sku >= ${second ?? ''} AND v.sku < ${`${second}${LAST_CHARACTER}`})
    ORDER BY p.id LIMIT ${SKU_MATCHES_MAX}`;
}

/** The condition of a list; `p` stands for the product's row. */
function asked(tx: TenantTx<StoreTenant>, { status, category }: ManagedQuery): Fragment {
  const { sql, tenant } = tx;
  const inState = {
    all: sql`p.archived_at IS NULL`,
    active: sql`p.archived_at IS NULL AND p.active`,
    inactive: sql`p.archived_at IS NULL AND NOT p.active`,
    archived: sql`p.archived_at IS NOT NULL`,
  }[status ?? 'all'];
  return sql`p.merchant_id = ${tenant.merchantId} AND ${inState} ${inCategory(tx, category)}`;
}

function inCategory({ sql, tenant }: TenantTx, category: string | undefined): Fragment {
  if (category === undefined) return sql``;
  // No category has the id 0.
  const id = idBehind<CategoryId>('ca', category) ?? 0;
  return sql`AND p.category_id IN (
    WITH RECURSIVE below AS (
      SELECT ${id}::bigint AS id
      UNION
      SELECT c.id FROM categories c JOIN below ON c.merchant_id = ${tenant.merchantId} AND c.parent_id = below.id
    )
    SELECT id FROM below)`;
}

function behind({ sql }: TenantTx, { cursor }: ManagedQuery): Fragment {
  if (cursor === undefined) return sql``;
  const { place, id } = placeBehind(cursor);
  return sql`AND (p.position, p.id) > (${place}, ${id})`;
}

interface ListedRow extends Omit<ProductRow, 'id' | 'category' | 'image'> {
  readonly id: ProductId;
  readonly place: number;
  readonly category: { readonly id: CategoryId; readonly name: string } | null;
  readonly image: {
    readonly file: string;
    readonly alt: string;
    readonly width: number;
    readonly height: number;
  } | null;
}

async function listed({ sql, tenant }: TenantTx<StoreTenant>, chosen: Fragment): Promise<ListedRow[]> {
  return sql<ListedRow[]>`
    SELECT p.id, chosen.place, p.version, p.slug, p.name,
      CASE WHEN p.store_id IS NULL THEN 'merchant' ELSE 'store' END AS scope,
      CASE WHEN p.archived_at IS NOT NULL THEN 'archived' WHEN p.active THEN 'active' ELSE 'inactive' END AS status,
      (SELECT json_build_object('id', c.id, 'name', c.name) FROM categories c
        WHERE c.merchant_id = p.merchant_id AND c.id = p.category_id) AS category,
      (SELECT json_build_object('file', i.file, 'alt', i.alt, 'width', i.width, 'height', i.height) FROM product_images i
        WHERE i.merchant_id = p.merchant_id AND i.product_id = p.id ORDER BY i.position LIMIT 1) AS image,
      sold.price_cents, sold.price_max_cents, sold.variants, sold.stock, store.currency
    FROM (${chosen}) AS chosen JOIN products p USING (merchant_id, id)
    CROSS JOIN LATERAL (
      SELECT coalesce(min(v.price_cents), 0) AS price_cents, coalesce(max(v.price_cents), 0) AS price_max_cents, count(*)::int AS variants,
        sum(s.quantity)::int AS stock
      FROM variants v LEFT JOIN stock_levels s ON s.merchant_id = v.merchant_id AND s.store_id = ${tenant.storeId} AND s.variant_id = v.id
      WHERE v.merchant_id = p.merchant_id AND v.product_id = p.id AND v.archived_at IS NULL) AS sold
    CROSS JOIN (SELECT currency FROM stores WHERE merchant_id = ${tenant.merchantId} AND id = ${tenant.storeId}) AS store
    ORDER BY chosen.place, p.id`;
}

function projectRow({ id, category, image, ...row }: ListedRow): ProductRow {
  return {
    version: row.version,
    slug: row.slug,
    name: row.name,
    scope: row.scope,
    status: row.status,
    price_cents: row.price_cents,
    price_max_cents: row.price_max_cents,
    currency: row.currency,
    variants: row.variants,
    stock: row.stock,
    id: opaqueId('pr', id),
    category: category && { id: opaqueId('ca', category.id), name: category.name },
    image: image && { url: mediaUrl(image.file), alt: image.alt, width: image.width, height: image.height },
  };
}
