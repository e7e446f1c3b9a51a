import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import type { ProductId } from '#core/values/ids.ts';
import type { ProductForm } from './managed-product-view.ts';
import type { Act } from './owned-product.ts';
import { draftOf, isSlugTaken, slugTaken } from './product-form.ts';
import { saveProduct } from './save-product.ts';
import { slugOf } from '../catalog/slug.ts';

export interface NewProduct {
  readonly form: ProductForm;
  readonly active: boolean;
  /** Sold in all stores of the merchant. */
  readonly forAllStores: boolean;
  readonly act: Act;
}

/** In characters; leaves room for a number behind it. */
const SLUG_LENGTH_MAX = 200;
const NUMBERED_SLUGS_MAX = 1_000;

/** Makes a product. Without a slug it gets one from its name. Refuses SLUG_TAKEN and VALIDATION_FAILED. */
export async function createProduct(
  tx: TenantTx<StoreTenant>,
  { form, active, forAllStores, act }: NewProduct,
): Promise<ProductId> {
  const slug = form.slug ?? (await freeSlug(tx, form.name));
  if (await isSlugTaken(tx, slug)) throw slugTaken(slug);
  const saved = await saveProduct(tx, {
    product: draftOf(form, { slug, active, present: null }),
    forAllStores,
    stockReason: 'initial',
    act,
  });
  // Somebody else made it while this waited; what was written goes with the transaction.
  if (!saved.created) throw slugTaken(slug);
  record(tx, saved.event);
  return saved.id;
}

/**
 * `mug`, or `mug-2` when there is a mug. Names without a Latin letter are told apart by number alone. Whoever makes another of the same name
 * at the same time waits, and gets the next number.
 */
async function freeSlug({ sql, tenant }: TenantTx<StoreTenant>, name: string): Promise<string> {
  const base = slugOf(name).slice(0, SLUG_LENGTH_MAX).replace(/-$/, '') || 'product';
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`slug ${tenant.merchantId} ${base}`}, 0))`;
  const [free] = await sql<{ slug: string }[]>`
    SELECT slug FROM (SELECT n, CASE WHEN n = 1 THEN ${base} ELSE ${base} || '-' || n END AS slug FROM generate_series(1, ${NUMBERED_SLUGS_MAX}::int) n) AS names
    WHERE NOT EXISTS (SELECT FROM products p WHERE p.merchant_id = ${tenant.merchantId} AND p.slug = names.slug)
    ORDER BY n LIMIT 1`;
  if (!free) throw slugTaken(base);
  return free.slug;
}
