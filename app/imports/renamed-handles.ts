import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { ProductId } from '#core/values/ids.ts';

/** Of products that were just made, those whose SKUs are all those of one other product: its slug, and one of the SKUs. */
export async function sameGoods(
  { sql, tenant }: TenantTx<StoreTenant>,
  made: readonly ProductId[],
): Promise<ReadonlyMap<ProductId, { readonly slug: string; readonly sku: string }>> {
  if (made.length === 0) return new Map();
  const rows = await sql<{ id: ProductId; slug: string; sku: string }[]>`
    SELECT mine.product_id AS id, min(p.slug) AS slug, min(mine.sku) AS sku
    FROM variants mine
      LEFT JOIN variants other ON other.merchant_id = mine.merchant_id AND other.sku = mine.sku AND other.product_id <> ALL(${made}::bigint[])
        AND other.archived_at IS NULL
      LEFT JOIN products p ON p.merchant_id = other.merchant_id AND p.id = other.product_id AND p.archived_at IS NULL
    WHERE mine.merchant_id = ${tenant.merchantId} AND mine.product_id = ANY(${made}::bigint[]) AND mine.sku IS NOT NULL
    GROUP BY mine.product_id HAVING count(DISTINCT p.id) = 1 AND bool_and(p.id IS NOT NULL)`;
  return new Map(rows.map(({ id, ...twin }) => [id, twin]));
}
