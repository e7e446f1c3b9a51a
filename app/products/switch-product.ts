import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import type { ProductId } from '#core/values/ids.ts';
import { lockProductAt, productChanged, type Act } from './owned-product.ts';

export interface SwitchProduct {
  readonly id: ProductId;
  /** As it was shown to whoever switches it. */
  readonly version: number;
  readonly active: boolean;
  readonly act: Act;
}

/** Puts a product on sale or takes it off; one that was archived is back. Refuses PRODUCT_CHANGED when someone else was first. */
export async function switchProduct(
  tx: TenantTx<StoreTenant>,
  { id, version, active, act }: SwitchProduct,
): Promise<void> {
  const product = await lockProductAt(tx, { id, version });
  await tx.sql`
    UPDATE products SET active = ${active}, archived_at = NULL WHERE merchant_id = ${tx.tenant.merchantId} AND id = ${id}`;
  record(
    tx,
    await productChanged(tx, {
      product: { ...product, active },
      action: active ? 'product.activated' : 'product.deactivated',
      before: { active: product.active, archived: product.archived },
      after: { active, archived: false },
      act,
    }),
  );
}
