import { claimKey, type IdempotencyKey } from '#core/db/idempotency.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import type { Actor } from '#core/security/audit.ts';
import { newToken, type CustomerId } from '#core/values/ids.ts';
import { availabilityTurned } from '../catalog/availability-turned.ts';
import { sellableVariants } from '../catalog/sellable-variants.ts';
import { findOrCreateCustomer } from '../customers/find-or-create-customer.ts';
import { lockCustomer } from '../customers/lock-customer.ts';
import { refusal } from '../errors.ts';
import { pointsUpdated } from '../loyalty/loyalty-events.ts';
import { insertOrder } from '../orders/insert-order.ts';
import { orderCreated } from '../orders/order-events.ts';
import { orderByPublicId, type OrderRow } from '../orders/order-queries.ts';
import type { StoreConfig } from '../stores/store-queries.ts';
import { askedOf, contactOf, refuseUnlessOffered } from './checkout-input.ts';
import { checkoutRules, type CheckoutRules } from './checkout-rules.ts';
import type { Checkout, PlacedOrder } from './checkout-schemas.ts';
import { asRow, newOrder } from './freeze-order.ts';
import { lastPiecesOf, priceCart, variantIdsOf, type PricedLine } from './price-cart.ts';
import { priceOf } from './project-price.ts';
import { chooseShipping, shippingOptions, type ChosenShipping } from './quote-cart.ts';
import { totalCart, type TotalledCart } from './total-cart.ts';

export interface PlaceOrder {
  readonly store: StoreConfig;
  readonly checkout: Checkout;
  readonly key: IdempotencyKey;
  /** Who is signed in; absent for a guest. */
  readonly signedIn?: CustomerId;
  readonly requestId: string | null;
  readonly now: Date;
}

/**
 * Places an order, once per idempotency key: resolves the customer, prices the cart from the shop's figures, quotes the shipping, takes
 * stock, code and points, and writes order, audit and events, all in the given transaction. Creates nothing when it refuses.
 */
export async function placeOrder(tx: TenantTx<StoreTenant>, input: PlaceOrder): Promise<PlacedOrder> {
  const { store, checkout, key, signedIn, now } = input;
  refuseUnlessOffered(checkout, store);
  const publicId = newToken();
  // Refused before the first statement is sent: nobody would wait for its answer, and an unheard rejection ends the process.
  const [contact, variantIds, asked] = [
    contactOf(checkout),
    variantIdsOf(checkout.items),
    askedOf(checkout, now),
  ];
  // Sent together, run in this order: key, customer, stock is the order in which every checkout locks.
  const [claim, customer, variants, rules] = await Promise.all([
    claimKey(tx, key, publicId),
    signedIn ? lockCustomer(tx, signedIn) : findOrCreateCustomer(tx, contact),
    sellableVariants(tx, variantIds, { lock: true }),
    checkoutRules(tx, {
      country: checkout.shipping_address?.country ?? null,
      code: asked.promotionCode,
      customerId: signedIn ?? null,
    }),
  ]);
  if (!claim.first) return toldAgain(await orderByPublicId(tx, claim.reference));
  const [customerId, member] = typeof customer === 'number' ? [customer, null] : [customer.id, customer];
  const lines = priceCart(checkout.items, variants, now);
  const shipping = asked.isPickup ? null : shippingOf(checkout, rules, lines);
  const cart = totalCart({ lines, shipping }, rules, { ...asked, member });
  refuseOtherTotal(checkout, cart, store);
  const order = newOrder({ ...input, publicId, customerId, cart });
  const { id, number, balance } = await insertOrder(tx, order);
  const row = asRow(order, id, number);
  const actor: Actor = { kind: 'customer', id: customerId };
  const soldOut = await availabilityTurned(tx, {
    variantIds: lastPiecesOf(lines),
    soldOut: true,
    actor,
    at: now,
  });
  const spent = balance ? [pointsUpdated(balance, { actor, at: now })] : [];
  record(tx, orderCreated(row, { storeId: tx.tenant.storeId, actor, at: now }), ...soldOut, ...spent);
  return toldAgain(row);
}

function shippingOf(
  checkout: Checkout,
  { shipping }: CheckoutRules,
  lines: readonly PricedLine[],
): ChosenShipping {
  const address = checkout.shipping_address;
  if (!address)
    throw refusal('ADDRESS_REQUIRED', 'An order that ships needs an address.', {
      errors: { shipping_address: ['is required'] },
    });
  const to = { country: address.country, state: address.state ?? null, postcode: address.postcode };
  return chooseShipping(shippingOptions(shipping, to, lines), checkout.shipping_method_id ?? null);
}

function refuseOtherTotal(
  { expected_total_cents: expected }: Checkout,
  cart: TotalledCart,
  { currency }: StoreConfig,
): void {
  const { totalCents } = cart.sum;
  if (expected === undefined || expected === null || expected === totalCents) return;
  throw refusal('PRICE_CHANGED', `The total is ${totalCents} cents; the order expected ${expected}.`, {
    quote: priceOf(cart, currency),
  });
}

/** The answer, the same at the first time and at each retry: an order begins as pending. */
function toldAgain(order: OrderRow): PlacedOrder {
  return {
    order_number: `#${order.number}`,
    public_id: order.public_id,
    status: 'pending',
    total_cents: order.total_cents,
    tracking_url: `/o/${order.public_id}`,
  };
}
