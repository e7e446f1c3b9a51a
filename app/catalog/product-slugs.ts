import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { productOnShelf } from './visible-product.ts';

/** The slugs of what the store sells, in the merchant's order, at most `limit`. */
export async function productSlugs(tx: TenantTx<StoreTenant>, limit: number): Promise<string[]> {
  const rows = await tx.sql<{ slug: string }[]>`
    SELECT p.slug FROM products p WHERE ${productOnShelf(tx)} ORDER BY p.position, p.id LIMIT ${limit}`;
  return rows.map(({ slug }) => slug);
}
