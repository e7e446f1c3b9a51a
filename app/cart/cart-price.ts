import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { sellableVariants } from '../catalog/sellable-variants.ts';
import type { Member } from '../customers/lock-customer.ts';
import { normaliseCode } from '../promotions/promotion-terms.ts';
import type { StoreConfig } from '../stores/store-queries.ts';
import { checkoutRules, type CheckoutRules } from './checkout-rules.ts';
import type { Price, PriceRequest } from './cart-schemas.ts';
import { priceCart, variantIdsOf, type PricedLine } from './price-cart.ts';
import { priceOf } from './project-price.ts';
import { chooseShipping, shippingOptions, type ChosenShipping } from './quote-cart.ts';
import { refuseUntaxable, taxPlace } from './tax-place.ts';
import { totalCart } from './total-cart.ts';

interface Wanted {
  readonly store: StoreConfig;
  readonly request: PriceRequest;
  /** Who is signed in; absent for a guest. */
  readonly member?: Member;
  readonly now: Date;
}

/** The price of a cart, as checkout would charge it now. Until an address is given, tax is that of the store's own place. */
export async function cartPrice(
  tx: TenantTx<StoreTenant>,
  { store, request, member, now }: Wanted,
): Promise<Price> {
  const { items, shipping: to, fulfilment_type } = request;
  const code = request.promotion_code ? normaliseCode(request.promotion_code) : null;
  const [variants, rules] = await Promise.all([
    sellableVariants(tx, variantIdsOf(items), { lock: false }),
    checkoutRules(tx, { country: to?.country ?? null, code, customerId: member?.id ?? null }),
  ]);
  const destination = to ? taxPlace(to) : null;
  refuseUntaxable(destination, rules.rates, 'shipping');
  const lines = priceCart(items, variants, now);
  const cart = totalCart({ lines, shipping: shippingOf(request, rules, lines) }, rules, {
    promotionCode: code,
    redeemPoints: request.redeem_points ?? false,
    isPickup: fulfilment_type === 'pickup',
    destination,
    member: member ?? null,
    now,
  });
  return priceOf(cart, store.currency);
}

function shippingOf(
  { shipping: to }: PriceRequest,
  { shipping }: CheckoutRules,
  lines: readonly PricedLine[],
): ChosenShipping | null {
  if (!to) return null;
  const options = shippingOptions(shipping, { ...to, state: to.state ?? null }, lines);
  return chooseShipping(options, to.method_id);
}
