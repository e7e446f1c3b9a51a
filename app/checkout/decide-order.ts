import { claimKey, type IdempotencyKey } from '#core/db/idempotency.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { DomainEvent } from '#core/events/event.ts';
import { newToken, type CustomerId } from '#core/values/ids.ts';
import { sellableVariants } from '../catalog/sellable-variants.ts';
import { findOrCreateCustomer, type Contact } from '../customers/find-or-create-customer.ts';
import { lockCustomer } from '../customers/lock-customer.ts';
import { requestAccount } from '../customers/request-account.ts';
import { refusal } from '../errors.ts';
import type { NewOrder } from './insert-order.ts';
import { refuseWhilePaused } from '../opening/ordering.ts';
import { promisePickup, slotsWanted } from '../opening/pickup-promise.ts';
import type { StoreConfig } from '../stores/store-queries.ts';
import { askedOf, contactOf, refuseUnlessOffered } from './checkout-input.ts';
import { checkoutRules, type CheckoutRules } from '../cart/checkout-rules.ts';
import type { Checkout } from './checkout-schemas.ts';
import { newOrder } from './freeze-order.ts';
import { priceCart, variantIdsOf, type PricedLine } from '../cart/price-cart.ts';
import { priceOf } from '../cart/project-price.ts';
import { chooseShipping, shippingOptions, type ChosenShipping } from '../cart/quote-cart.ts';
import { refuseUntaxable } from '../cart/tax-place.ts';
import { totalCart, type TotalledCart } from '../cart/total-cart.ts';

export interface PlaceOrder {
  readonly store: StoreConfig;
  readonly checkout: Checkout;
  readonly key: IdempotencyKey;
  /** Who is signed in; absent for a guest. */
  readonly signedIn?: CustomerId;
  /** Of the password of an account that the guest wants, made before the transaction: it takes long. */
  readonly passwordHash?: string;
  readonly requestId: string | null;
  readonly now: Date;
}

/** What becomes of a checkout: an order to be written, or what was made under its key before, by the public id of that order. */
export type DecidedOrder =
  | {
      readonly first: true;
      readonly order: NewOrder;
      readonly lines: readonly PricedLine[];
      /** What the caller is to record. */
      readonly events: readonly DomainEvent[];
    }
  | { readonly first: false; readonly publicId: string };

/**
 * Decides an order, once per idempotency key: resolves the customer, prices the cart from the shop's figures, quotes the shipping and locks
 * the stock, which is there. Refuses what cannot be had at this price, or at this time.
 */
export async function decideOrder(tx: TenantTx<StoreTenant>, input: PlaceOrder): Promise<DecidedOrder> {
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
    signedIn
      ? lockCustomer(tx, signedIn)
      : findOrCreateCustomer(tx, contact, { lock: asked.promotionCode !== null }),
    sellableVariants(tx, variantIds, { lock: true }),
    checkoutRules(tx, {
      country: checkout.shipping_address?.country ?? null,
      code: asked.promotionCode,
      customerId: signedIn ?? null,
      slots: asked.isPickup ? slotsWanted(store.ordering, now) : null,
    }),
  ]);
  if (!claim.first) return { first: false, publicId: claim.reference };
  refuseWhilePaused(store.ordering, now);
  const [customerId, member] = typeof customer === 'number' ? [customer, null] : [customer.id, customer];
  refuseUntaxable(asked.destination, rules.rates, 'shipping_address');
  const lines = priceCart(checkout.items, variants, now);
  const shipping = asked.isPickup ? null : shippingOf(checkout, rules, lines);
  const cart = totalCart({ lines, shipping }, rules, { ...asked, member });
  refuseOtherTotal(checkout, cart, store);
  const pickup = asked.isPickup
    ? promisePickup(store.ordering, { pickupTime: checkout.pickup_time ?? null, now }, rules.taken)
    : null;
  const events = await wishedAccount(tx, contact, input);
  return { first: true, order: newOrder({ ...input, publicId, customerId, cart, pickup }), lines, events };
}

/** Notes that a guest wants an account; the event sends them the link to confirm it. */
async function wishedAccount(
  tx: TenantTx<StoreTenant>,
  { email, ...name }: Contact,
  { passwordHash, now }: PlaceOrder,
): Promise<DomainEvent[]> {
  if (!passwordHash || email === null) return [];
  return requestAccount(tx, { email, ...name, passwordHash, at: now });
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
