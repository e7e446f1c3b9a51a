import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { StoreId } from '#core/values/ids.ts';
import { storeUpdated } from '../stores/store-updated.ts';
import { storesSelling } from '../catalog/stores-selling.ts';
import type { Act } from '../products/owned-product.ts';

interface Change extends Pick<AuditEntry, 'before' | 'after'> {
  readonly category: { readonly id: number; readonly storeId: StoreId | null };
  readonly action: string;
  readonly act: Act;
}

/** Writes down a change of the category tree, and tells the stores that show it: what they keep of their shelves is made anew. */
export async function categoryChanged(
  tx: TenantTx<StoreTenant>,
  { category, action, before, after, act }: Change,
): Promise<void> {
  await writeAudit(tx, { ...act, action, entity: 'category', entityId: category.id, before, after });
  for (const storeId of await storesSelling(tx, category.storeId)) {
    const store = { ...tx, tenant: { ...tx.tenant, storeId } };
    await storeUpdated(store, { changed: 'catalogue', actor: act.actor, at: act.at });
  }
}
