import type { Shelf } from '#core/cache/channel-cache.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import type { VariantId } from '#core/values/ids.ts';
import { sellableVariants, type SellableVariant } from '../catalog/sellable-variants.ts';
import type { ShippingLookup } from '../shipping/shipping-lookup.ts';
import { shippingLookup } from '../shipping/shipping-queries.ts';

/**
 * What quoting a cart's shipping needs, kept between requests: customers ask again with each letter of their address. A quote promises nothing,
 * checkout reads everything anew; so stock, which changes without a word, is left out.
 */
export async function goodsAndRules(
  db: TenantDb<StoreTenant>,
  shelf: Shelf,
  variantIds: readonly VariantId[],
): Promise<[SellableVariant[], ShippingLookup]> {
  const names = variantIds.toSorted((a, b) => a - b).join(' ');
  return Promise.all([
    shelf.get(`variants ${names}`, async () => {
      const variants = await db.read((tx) => sellableVariants(tx, variantIds, { lock: false }));
      return variants.map((variant) => ({ ...variant, stock: null }));
    }),
    shelf.get('shipping rules', () => db.read(shippingLookup)),
  ]);
}
