import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { visibleProduct } from './visible-product.ts';

/** The slugs of what the store sells, in the merchant's order, at most `limit`. */
export async function productSlugs(tx: TenantTx<StoreTenant>, limit: number): Promise<string[]> {
  const rows = await tx.sql<{ slug: string }[]>`
    SELECT p.slug FROM products p WHERE ${visibleProduct(tx)} AND EXISTS (
      SELECT FROM variants v WHERE v.merchant_id = p.merchant_id AND v.product_id = p.id AND v.archived_at IS NULL)
    ORDER BY p.position, p.id LIMIT ${limit}`;
  return rows.map(({ slug }) => slug);
}
