import { isStillReferredTo } from '#core/db/database-errors.ts';
import type { StoreTenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import type { ProductId } from '#core/values/ids.ts';
import { lockProduct, productChanged, type Act } from './owned-product.ts';

export interface RemoveProduct {
  readonly id: ProductId;
  readonly act: Act;
}

/** What became of a product, and the files of its pictures that nothing shows any longer. */
export interface RemovedProduct {
  readonly outcome: 'deleted' | 'archived';
  readonly files: readonly string[];
}

/**
 * Deletes a product with everything that hangs on it, or archives it when orders refer to it. Which of the two only PostgreSQL knows: the
 * orders may be those of another store, or placed at this moment.
 */
export async function removeProduct(
  db: TenantDb<StoreTenant>,
  removal: RemoveProduct,
): Promise<RemovedProduct> {
  try {
    return { outcome: 'deleted', files: await db.write((tx) => deleteProduct(tx, removal)) };
  } catch (error) {
    if (!isStillReferredTo(error)) throw error;
    await db.write((tx) => archiveProduct(tx, removal));
    return { outcome: 'archived', files: [] };
  }
}

async function deleteProduct(tx: TenantTx<StoreTenant>, { id, act }: RemoveProduct): Promise<string[]> {
  const { sql, tenant } = tx;
  const product = await lockProduct(tx, id);
  const images = await sql<{ file: string }[]>`
    SELECT file FROM product_images WHERE merchant_id = ${tenant.merchantId} AND product_id = ${id}`;
  record(
    tx,
    await productChanged(tx, {
      product: { ...product, active: false },
      action: 'product.deleted',
      before: { slug: product.slug, name: product.name },
      after: null,
      act,
    }),
  );
  await sql`DELETE FROM products WHERE merchant_id = ${tenant.merchantId} AND id = ${id}`;
  return images.map(({ file }) => file);
}

async function archiveProduct(tx: TenantTx<StoreTenant>, { id, act }: RemoveProduct): Promise<void> {
  const product = await lockProduct(tx, id);
  await tx.sql`
    UPDATE products SET archived_at = coalesce(archived_at, ${act.at}) WHERE merchant_id = ${tx.tenant.merchantId} AND id = ${id}`;
  record(
    tx,
    await productChanged(tx, {
      product: { ...product, active: false },
      action: 'product.archived',
      before: { active: product.active, archived: product.archived },
      after: { active: product.active, archived: true },
      act,
    }),
  );
}
