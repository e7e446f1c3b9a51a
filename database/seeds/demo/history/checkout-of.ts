import type { Product } from '#app/catalog/product-view.ts';
import { variantTitle } from '#app/catalog/product.ts';
import type { Checkout } from '#app/checkout/checkout-schemas.ts';
import type { PlaceOrder } from '#app/checkout/decide-order.ts';
import { quoteShipping } from '#app/shipping/quote-shipping.ts';
import type { ShippingLookup } from '#app/shipping/shipping-lookup.ts';
import { shipmentOf } from '#app/shipping/shipping-rules.ts';
import type { StoreConfig } from '#app/stores/store-queries.ts';
import { opaqueId } from '#core/values/ids.ts';
import type { PlannedLine, PlannedOrder } from './plan-history.ts';

/** What has to be known of a store to order there. */
export interface Scene {
  readonly store: StoreConfig;
  /** By slug. */
  readonly shelf: ReadonlyMap<string, Product>;
  readonly lookup: ShippingLookup;
}

type Order = Pick<PlaceOrder, 'store' | 'checkout' | 'key'>;

/** The order as its customer's browser would send it. */
export function checkoutOf(scene: Scene, order: PlannedOrder, nth: number): Order {
  const { firstName, lastName, email, mobile, address } = order.customer;
  const checkout: Checkout = {
    fulfilment_type: order.fulfilment,
    contact: { first_name: firstName, last_name: lastName, email, mobile },
    items: order.lines.map((line) => itemOf(scene, line)),
    notes: order.notes,
    ...(order.fulfilment === 'shipping' && {
      shipping_address: address,
      shipping_method_id: methodOf(scene, order),
    }),
  };
  const key = { route: 'demo', principal: email, key: `demo-order-${nth}`, fingerprint: String(nth) };
  return { store: scene.store, checkout, key };
}

function itemOf(
  { shelf }: Scene,
  { product, variant, quantity, choices }: PlannedLine,
): Checkout['items'][number] {
  const shown = shelf.get(product.slug);
  const title = variantTitle(variant);
  const variantId = shown?.variants.find((each) => each.title === title)?.id;
  if (!shown || !variantId) throw new Error(`demo: ${product.slug} (${title}) is not on the shelf`);
  return {
    variant_id: variantId,
    quantity,
    customizations: choices.map((choice) => ({
      choice_id: choiceId(shown, choice.group, choice.name),
      quantity: choice.quantity,
    })),
  };
}

function choiceId({ slug, customization_groups: groups }: Product, group: string, name: string): string {
  const choices = groups.find((each) => each.name === group)?.choices ?? [];
  const id = choices.find((each) => each.name === name)?.id;
  if (id === undefined) throw new Error(`demo: ${slug} has no choice ${group}: ${name}`);
  return id;
}

function methodOf({ lookup }: Scene, { customer, lines, methodChance }: PlannedOrder): string {
  const quote = quoteShipping(lookup, customer.address, shipmentOf(lines.map(shipmentLine)));
  const options = quote.kind === 'options' ? quote.options : [];
  const option = options[Math.floor(methodChance * options.length)];
  if (!option)
    throw new Error(`demo: nothing is sent to ${customer.address.postcode} ${customer.address.city}`);
  return opaqueId('sm', option.methodId);
}

function shipmentLine({ product, variant, quantity }: PlannedLine) {
  const { dimensions, shippable } = product;
  return {
    quantity,
    unitPriceCents: variant.priceCents,
    weightGrams: variant.weightGrams,
    lengthMm: dimensions?.lengthMm ?? null,
    widthMm: dimensions?.widthMm ?? null,
    heightMm: dimensions?.heightMm ?? null,
    shippable,
  };
}
