import type { DomainEvent } from '#core/events/event.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { Actor } from '#core/security/audit.ts';
import type { VariantId } from '#core/values/ids.ts';
import { productUpdated, type ChangedProduct } from '../catalog/product-events.ts';

interface Turn {
  /** Variants whose last piece was taken, or whose first came back. */
  readonly variantIds: readonly VariantId[];
  readonly soldOut: boolean;
  readonly actor: Actor;
  readonly at: Date;
}

/** The events that tell a storefront that something on its shelf was sold out or came back; none for no variants. The caller records them. */
export async function availabilityTurned(
  { sql, tenant }: TenantTx<StoreTenant>,
  turn: Turn,
): Promise<DomainEvent[]> {
  if (turn.variantIds.length === 0) return [];
  const products = await sql<(ChangedProduct & { titles: string[] })[]>`
    WITH turned AS (
      SELECT product_id, jsonb_agg(title ORDER BY position) AS titles FROM variants
      WHERE merchant_id = ${tenant.merchantId} AND id = ANY(${turn.variantIds}::bigint[]) GROUP BY product_id
    ), locked AS MATERIALIZED (
      SELECT products.id, titles FROM products JOIN turned ON product_id = products.id
      WHERE merchant_id = ${tenant.merchantId} ORDER BY products.id FOR NO KEY UPDATE OF products
    )
    UPDATE products SET version = version + 1 FROM locked
    WHERE merchant_id = ${tenant.merchantId} AND products.id = locked.id
    RETURNING products.id, slug, name, active, version, titles`;
  return products.map(({ titles, ...product }) =>
    productUpdated(product, {
      storeIds: [tenant.storeId],
      actor: turn.actor,
      at: turn.at,
      soldOut: turn.soldOut ? titles : [],
    }),
  );
}
