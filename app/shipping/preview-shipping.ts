import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { idBehind, type VariantId } from '#core/values/ids.ts';
import { cents } from '#core/values/money.ts';
import { priceAt } from '../catalog/sale.ts';
import { sellableVariants } from '../catalog/sellable-variants.ts';
import { refusal } from '../errors.ts';
import { explainShipping } from './explain-shipping.ts';
import { shippingPreview } from './project-shipping.ts';
import { quoteShipping } from './quote-shipping.ts';
import { buildShippingLookup } from './shipping-lookup.ts';
import { shippingRules } from './shipping-queries.ts';
import { shipmentOf, type Shipment } from './shipping-rules.ts';
import type { PreviewBody, ShippingPreview } from './shipping-view.ts';

/** What an address would pay for some products, or for a parcel of some weight, by the saved rules, and why. */
export async function previewShipping(
  tx: TenantTx<StoreTenant>,
  preview: PreviewBody,
): Promise<ShippingPreview> {
  const to = { country: preview.country, state: preview.state ?? null, postcode: preview.postcode };
  const shipment = preview.items ? await shipmentOfItems(tx, preview.items) : parcelOf(preview);
  const rules = await shippingRules(tx);
  const quote = quoteShipping(buildShippingLookup(rules), to, shipment);
  return shippingPreview(explainShipping(rules, to, shipment), shipment, quote);
}

function parcelOf({ weight_grams = 0, volumetric_grams = 0, total_cents = 0 }: PreviewBody): Shipment {
  return {
    weightGrams: weight_grams,
    volumetricGrams: volumetric_grams,
    totalCents: cents(total_cents),
    shippable: true,
  };
}

async function shipmentOfItems(
  tx: TenantTx<StoreTenant>,
  items: NonNullable<PreviewBody['items']>,
): Promise<Shipment> {
  const ids = items.map(({ variant_id }) => idBehind<VariantId>('va', variant_id));
  const variants = await sellableVariants(tx, [...new Set(ids.filter((id) => id !== null))], { lock: false });
  const now = new Date();
  const lines = items.map(({ quantity }, at) => {
    const variant = variants.find(({ variantId }) => variantId === ids[at]);
    if (!variant) {
      throw refusal('ITEM_NOT_FOUND', 'An item is not sold by this store.', {
        errors: { [`items.${at}.variant_id`]: ['is not sold by this store'] },
      });
    }
    return { ...variant, quantity, unitPriceCents: priceAt(variant, now) };
  });
  return shipmentOf(lines);
}
