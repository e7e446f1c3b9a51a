import { opaqueId } from '#core/values/ids.ts';
import type { Price } from './cart-schemas.ts';
import type { PricedLine } from './price-cart.ts';
import type { Share } from './sum-cart.ts';
import type { TotalledCart } from './total-cart.ts';

/** A cart's price as the API tells it: each line with what became of it, and the totals. */
export function priceOf(cart: TotalledCart, currency: string): Price {
  const { lines, sum, pricesIncludeTax } = cart;
  return {
    items: lines.map((line, at) => itemOf(line, sum.lines[at])),
    shipping: {
      price_cents: sum.shippingCents,
      ...shareOf(sum.shipping),
    },
    discounts: discountsOf(cart),
    taxes: sum.taxes.map(({ name, rateMillipercent, netCents, taxCents }) => ({
      name,
      rate_millipercent: rateMillipercent,
      net_cents: netCents,
      tax_cents: taxCents,
    })),
    prices_include_tax: pricesIncludeTax,
    totals: {
      items_cents: sum.itemsCents,
      shipping_cents: sum.shippingCents,
      discount_cents: sum.discountCents,
      tax_cents: sum.taxCents,
      tax_included_cents: sum.taxIncludedCents,
      total_cents: sum.totalCents,
      currency,
    },
  };
}

function itemOf(
  { variant, quantity, choices, baseUnitCents, unitCents, totalCents }: PricedLine,
  share: Share | undefined,
): Price['items'][number] {
  return {
    variant_id: opaqueId('va', variant.variantId),
    name: variant.name,
    variant: variant.variantTitle,
    customizations: choices.map((choice) => ({
      group: choice.groupName,
      name: choice.name,
      quantity: choice.quantity,
      price_delta_cents: choice.priceDeltaCents,
    })),
    quantity,
    base_unit_cents: baseUnitCents,
    unit_cents: unitCents,
    total_cents: totalCents,
    ...shareOf(share),
  };
}

function shareOf(share: Share | undefined) {
  return {
    discount_cents: share?.discountCents ?? 0,
    tax_rate_millipercent: share?.taxRateMillipercent ?? 0,
    tax_cents: share?.taxCents ?? 0,
  };
}

function discountsOf({ promotion, pointsSpent, sum }: TotalledCart): Price['discounts'] {
  return [
    ...(promotion
      ? [{ kind: 'promotion' as const, code: promotion.code, points: null, amount_cents: sum.promotionCents }]
      : []),
    ...(pointsSpent > 0
      ? [{ kind: 'loyalty' as const, code: null, points: pointsSpent, amount_cents: sum.rewardCents }]
      : []),
  ];
}
