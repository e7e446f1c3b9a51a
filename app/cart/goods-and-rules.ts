import type { Shelf } from '#core/cache/channel-cache.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import type { VariantId } from '#core/values/ids.ts';
import { sellableVariants, type SellableVariant } from '../catalog/sellable-variants.ts';
import type { ShippingLookup } from '../shipping/shipping-lookup.ts';
import { shippingLookup } from '../shipping/shipping-queries.ts';

/** What quoting a cart's shipping needs. */
export interface GoodsAndRules {
  /** Without their stock, which changes without a word. */
  readonly variants: readonly SellableVariant[];
  readonly lookup: ShippingLookup;
}

/**
 * What quoting a cart's shipping needs, kept between requests: customers ask again with each letter of their address. A quote promises nothing,
 * checkout reads everything anew.
 */
export function goodsAndRules(
  db: TenantDb<StoreTenant>,
  shelf: Shelf,
  variantIds: readonly VariantId[],
): Promise<GoodsAndRules> {
  const names = variantIds.toSorted((a, b) => a - b).join(' ');
  return shelf.get(`quote ${names}`, () =>
    db.read(async (tx) => {
      const [variants, lookup] = await Promise.all([
        sellableVariants(tx, variantIds, { lock: false }),
        shippingLookup(tx),
      ]);
      return { variants: variants.map((variant) => ({ ...variant, stock: null })), lookup };
    }),
  );
}
