import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { DomainEvent } from '#core/events/event.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { ProductId, StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { countStock, type StockReason } from './count-stock.ts';
import { productUpdated } from './product-events.ts';
import { contradictionIn, type ProductDraft } from './product.ts';
import { sanitizeDescription } from './sanitize-description.ts';
import { saveGroups } from './save-groups.ts';
import { saveVariants } from './save-variants.ts';

export interface SaveProduct {
  readonly product: ProductDraft;
  /** Why the stock is what the draft says. */
  readonly stockReason: StockReason;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

export interface SavedProduct {
  readonly id: ProductId;
  /** Whether it is new. */
  readonly created: boolean;
  /** For the caller to record: once per transaction, last. */
  readonly event: DomainEvent;
}

/**
 * Makes a product, or changes the one of the same slug into this: of the store that the transaction is bound to, or else of the whole
 * merchant. Variants that are no longer there are archived, because orders refer to them. Refuses VALIDATION_FAILED for a draft that
 * contradicts itself, SLUG_TAKEN when the slug is one of the merchant's other products in sight.
 */
export async function saveProduct(
  tx: TenantTx<Tenant>,
  { product, stockReason, act }: SaveProduct,
): Promise<SavedProduct> {
  refuseContradiction(product);
  await refuseTakenSlug(tx, product);
  const category = await categoryId(tx, product);
  const row = await upsertProduct(tx, product, category);
  await Promise.all([saveTags(tx, row.id, product), saveImages(tx, row.id, product)]);
  const variants = await saveVariants(tx, row.id, product);
  await saveGroups(tx, row.id, product);
  await countStock(tx, variants, { reason: stockReason, at: act.at });
  await writeAudit(tx, {
    ...act,
    action: row.before ? 'product.updated' : 'product.created',
    entity: 'product',
    entityId: row.id,
    before: row.before,
    after: { name: product.name, active: product.active, variants: variants.length },
  });
  const event = productUpdated(
    { ...row, slug: product.slug, name: product.name, active: product.active },
    { storeIds: await storesOf(tx), actor: act.actor, at: act.at },
  );
  return { id: row.id, created: row.before === null, event };
}

function refuseContradiction(product: ProductDraft): void {
  const contradiction = contradictionIn(product);
  if (contradiction)
    throw refusal('VALIDATION_FAILED', `${product.name}: ${contradiction}.`, {
      errors: { variants: [contradiction] },
    });
}

/** One slug would otherwise name two products of a store: its own and the merchant's. */
async function refuseTakenSlug({ sql, tenant }: TenantTx, { slug }: ProductDraft): Promise<void> {
  const [other] = await sql`
    SELECT FROM products WHERE merchant_id = ${tenant.merchantId} AND slug = ${slug} AND store_id IS DISTINCT FROM ${tenant.storeId}::bigint`;
  if (other)
    throw refusal('SLUG_TAKEN', `Expected a slug that is free, received "${slug}".`, {
      errors: { slug: ['is taken by another product of the merchant'] },
    });
}

/** The category of that slug in sight, or a new one at the end. */
async function categoryId({ sql, tenant }: TenantTx, { category }: ProductDraft): Promise<number | null> {
  if (!category) return null;
  const { merchantId, storeId } = tenant;
  const [row] = await sql<{ id: number }[]>`
    WITH known AS (
      SELECT id FROM categories
      WHERE merchant_id = ${merchantId} AND slug = ${category.slug} AND (store_id IS NULL OR store_id = ${storeId}::bigint)
      ORDER BY store_id NULLS LAST LIMIT 1
    ), added AS (
      INSERT INTO categories AS kept (merchant_id, store_id, slug, name, position)
      SELECT ${merchantId}, ${storeId}::bigint, ${category.slug}, ${category.name},
        (SELECT coalesce(max(position), 0) + 1 FROM categories WHERE merchant_id = ${merchantId})
      WHERE NOT EXISTS (SELECT FROM known)
      ON CONFLICT (merchant_id, store_id, slug) DO UPDATE SET name = kept.name RETURNING id
    )
    SELECT id FROM known UNION ALL SELECT id FROM added`;
  return row?.id ?? null;
}

interface UpsertedProduct {
  readonly id: ProductId;
  readonly version: number;
  readonly before: { readonly name: string; readonly active: boolean } | null;
}

/** The row lock that comes with it makes two savings of one product take turns. A new product goes to the end of the shelf. */
async function upsertProduct(
  { sql, tenant }: TenantTx,
  product: ProductDraft,
  category: number | null,
): Promise<UpsertedProduct> {
  const { merchantId, storeId } = tenant;
  const { dimensions } = product;
  const ofOwner = storeId === null ? sql`store_id IS NULL` : sql`store_id = ${storeId}`;
  const [row] = await sql<UpsertedProduct[]>`
    WITH before AS (
      SELECT name, active FROM products WHERE merchant_id = ${merchantId} AND ${ofOwner} AND slug = ${product.slug}
    )
    INSERT INTO products AS kept (merchant_id, store_id, category_id, slug, name, description, shippable, active,
      length_mm, width_mm, height_mm, position)
    VALUES (${merchantId}, ${storeId}, ${category}, ${product.slug}, ${product.name}, ${sanitizeDescription(product.description)},
      ${product.shippable}, ${product.active}, ${dimensions?.lengthMm ?? null}, ${dimensions?.widthMm ?? null}, ${dimensions?.heightMm ?? null},
      (SELECT coalesce(max(position), 0) + 1 FROM products
        WHERE merchant_id = ${merchantId} AND ${ofOwner} AND active AND archived_at IS NULL))
    ON CONFLICT (merchant_id, store_id, slug) DO UPDATE SET category_id = excluded.category_id, name = excluded.name,
      description = excluded.description, shippable = excluded.shippable, active = excluded.active, archived_at = NULL,
      ${dimensions === undefined ? sql`` : sql`length_mm = excluded.length_mm, width_mm = excluded.width_mm, height_mm = excluded.height_mm,`}
      version = kept.version + 1
    RETURNING id, version, (SELECT to_json(before) FROM before) AS before`;
  if (!row) throw new Error('product: the insert returned no row');
  return row;
}

async function saveTags({ sql, tenant }: TenantTx, id: ProductId, { tags }: ProductDraft): Promise<void> {
  await sql`
    WITH gone AS (
      DELETE FROM product_tags WHERE merchant_id = ${tenant.merchantId} AND product_id = ${id} AND tag <> ALL(${tags}::text[])
    )
    INSERT INTO product_tags (merchant_id, product_id, tag) SELECT ${tenant.merchantId}, ${id}, unnest(${tags}::text[])
    ON CONFLICT DO NOTHING`;
}

async function saveImages({ sql, tenant }: TenantTx, id: ProductId, { images }: ProductDraft): Promise<void> {
  if (!images) return;
  await sql`DELETE FROM product_images WHERE merchant_id = ${tenant.merchantId} AND product_id = ${id}`;
  await sql`
    INSERT INTO product_images (merchant_id, product_id, position, file, alt, width, height)
    SELECT ${tenant.merchantId}, ${id}, nth - 1, file, alt, width, height
    FROM ROWS FROM (jsonb_to_recordset(${sql.json(images as never)}) AS (file text, alt text, width int, height int))
      WITH ORDINALITY AS image (file, alt, width, height, nth)`;
}

async function storesOf({ sql, tenant }: TenantTx): Promise<StoreId[]> {
  if (tenant.storeId !== null) return [tenant.storeId];
  const stores = await sql<
    { id: StoreId }[]
  >`SELECT id FROM stores WHERE merchant_id = ${tenant.merchantId} ORDER BY id`;
  return stores.map(({ id }) => id);
}
