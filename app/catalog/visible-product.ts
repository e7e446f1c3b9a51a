import type { Fragment, StoreTenant, TenantTx } from '#core/db/tenant.ts';

/** The condition under which customers of the store see and buy a product; `p` stands for the product's row. */
export function visibleProduct({ sql, tenant }: TenantTx<StoreTenant>) {
  return sql`p.merchant_id = ${tenant.merchantId} AND (p.store_id IS NULL OR p.store_id = ${tenant.storeId})
    AND p.active AND p.archived_at IS NULL`;
}

/** The same for whoever looks along the shelf, where a product without a variant has no place; by `owner`, of those of one owner only. */
export function productOnShelf(tx: TenantTx<StoreTenant>, owner: Fragment = tx.sql`true`): Fragment {
  return tx.sql`${visibleProduct(tx)} AND ${owner} AND EXISTS (
    SELECT FROM variants v WHERE v.merchant_id = p.merchant_id AND v.product_id = p.id AND v.archived_at IS NULL)`;
}
