import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { StoreId } from '#core/values/ids.ts';

/** The stores in which something is sold or shown that belongs to one of them, or to all when `storeId` is null. */
export async function storesSelling(
  { sql, tenant }: TenantTx<Tenant>,
  storeId: StoreId | null,
): Promise<StoreId[]> {
  if (storeId !== null) return [storeId];
  const stores = await sql<{ id: StoreId }[]>`
    SELECT id FROM stores WHERE merchant_id = ${tenant.merchantId} ORDER BY id`;
  return stores.map(({ id }) => id);
}
