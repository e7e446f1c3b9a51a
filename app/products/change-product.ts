import { violatedConstraint } from '#core/db/database-errors.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import type { ProductId } from '#core/values/ids.ts';
import { managedProduct } from './managed-product.ts';
import type { ProductForm } from './managed-product-view.ts';
import { lockProductAt, type Act, type OwnedProduct } from './owned-product.ts';
import { draftOf, isSlugTaken, slugTaken } from './product-form.ts';
import { saveProduct } from './save-product.ts';

export interface ChangeProduct {
  readonly id: ProductId;
  /** As it was shown to whoever changes it. */
  readonly version: number;
  readonly form: ProductForm;
  readonly act: Act;
}

/**
 * Makes a product what the form says; its pictures and its stock stay. Variants keep their ids by id, else by option values. One that was
 * archived is back, and not on sale. Refuses PRODUCT_CHANGED when someone else was first, SLUG_TAKEN and VALIDATION_FAILED.
 */
export async function changeProduct(
  tx: TenantTx<StoreTenant>,
  { id, version, form, act }: ChangeProduct,
): Promise<void> {
  const product = await lockProductAt(tx, { id, version });
  const slug = form.slug ?? product.slug;
  if (slug !== product.slug) await rename(tx, product, slug);
  const present = await managedProduct(tx, id);
  const active = product.active && !product.archived;
  const { event } = await saveProduct(tx, {
    product: draftOf(form, { slug, active, present }),
    forAllStores: product.storeId === null,
    stockReason: 'initial',
    act,
  });
  record(tx, event);
}

/** A product is saved by its slug, so it has the new one before. */
async function rename(tx: TenantTx<StoreTenant>, { id }: OwnedProduct, slug: string): Promise<void> {
  if (await isSlugTaken(tx, slug)) throw slugTaken(slug);
  const { sql, tenant } = tx;
  try {
    await sql`UPDATE products SET slug = ${slug} WHERE merchant_id = ${tenant.merchantId} AND id = ${id}`;
  } catch (error) {
    throw violatedConstraint(error) === null ? error : slugTaken(slug);
  }
}
