import { claimKey, type IdempotencyKey } from '#core/db/idempotency.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import type { Actor } from '#core/security/audit.ts';
import { cents } from '#core/values/money.ts';
import { newToken, type CustomerId, type OrderId } from '#core/values/ids.ts';
import { availabilityTurned } from '../catalog/availability-turned.ts';
import { sellableVariants } from '../catalog/sellable-variants.ts';
import { findOrCreateCustomer } from '../customers/find-or-create-customer.ts';
import { refusal } from '../errors.ts';
import { insertOrder, type NewOrder } from '../orders/insert-order.ts';
import { orderCreated } from '../orders/order-events.ts';
import { orderByPublicId, type OrderRow } from '../orders/order-queries.ts';
import { normaliseDestination } from '../shipping/shipping-rules.ts';
import { shippingLookup } from '../shipping/shipping-queries.ts';
import type { ShippingLookup } from '../shipping/shipping-lookup.ts';
import type { StoreConfig } from '../stores/store-queries.ts';
import { contactOf, paymentMethodOf, promisedAt, refuseUnlessOffered } from './checkout-input.ts';
import type { Checkout, PlacedOrder } from './checkout-schemas.ts';
import { lastPiecesOf, priceCart, variantIdsOf, type PricedLine } from './price-cart.ts';
import { chooseShipping, priceOf, shippingOptions, type ChosenShipping } from './quote-cart.ts';

export interface PlaceOrder {
  readonly store: StoreConfig;
  readonly checkout: Checkout;
  readonly key: IdempotencyKey;
  readonly requestId: string | null;
  readonly now: Date;
}

/**
 * Places an order, once per idempotency key: resolves the customer, prices the cart from the shop's figures, quotes the shipping, takes
 * stock, and writes order, audit and event, all in the given transaction. Creates nothing when it refuses.
 */
export async function placeOrder(tx: TenantTx<StoreTenant>, input: PlaceOrder): Promise<PlacedOrder> {
  const { store, checkout, key, now } = input;
  refuseUnlessOffered(checkout, store);
  const publicId = newToken();
  // Refused before the first statement is sent: nobody would wait for its answer, and an unheard rejection ends the process.
  const [contact, variantIds] = [contactOf(checkout), variantIdsOf(checkout.items)];
  // Sent together, run in this order: key, customer, stock is the order in which every checkout locks.
  const [claim, customerId, variants, lookup] = await Promise.all([
    claimKey(tx, key, publicId),
    findOrCreateCustomer(tx, contact),
    sellableVariants(tx, variantIds, { lock: true }),
    checkout.fulfilment_type === 'shipping' ? shippingLookup(tx) : null,
  ]);
  if (!claim.first) return toldAgain(await orderByPublicId(tx, claim.reference));
  const lines = priceCart(checkout.items, variants);
  const shipping = lookup && shippingOf(checkout, lookup, lines);
  const order = newOrder({ ...input, publicId, customerId, lines, shipping });
  refuseOtherTotal(checkout, order, priceOf(lines, shipping?.priceCents ?? cents(0), store.currency));
  const { id, number } = await insertOrder(tx, order);
  const row = asRow(order, id, number);
  const actor: Actor = { kind: 'customer', id: customerId };
  const soldOut = await availabilityTurned(tx, {
    variantIds: lastPiecesOf(lines),
    soldOut: true,
    actor,
    at: now,
  });
  record(tx, orderCreated(row, { storeId: tx.tenant.storeId, actor, at: now }), ...soldOut);
  return toldAgain(row);
}

function shippingOf(
  checkout: Checkout,
  lookup: ShippingLookup,
  lines: readonly PricedLine[],
): ChosenShipping {
  const address = checkout.shipping_address;
  if (!address)
    throw refusal('ADDRESS_REQUIRED', 'An order that ships needs an address.', {
      errors: { shipping_address: ['is required'] },
    });
  const to = { country: address.country, state: address.state ?? null, postcode: address.postcode };
  return chooseShipping(shippingOptions(lookup, to, lines), checkout.shipping_method_id ?? null);
}

function refuseOtherTotal(
  { expected_total_cents: expected }: Checkout,
  order: NewOrder,
  quote: ReturnType<typeof priceOf>,
): void {
  const { totalCents } = order.totals;
  if (expected === undefined || expected === null || expected === totalCents) return;
  throw refusal('PRICE_CHANGED', `The total is ${totalCents} cents; the order expected ${expected}.`, {
    quote,
  });
}

interface Decided extends PlaceOrder {
  readonly publicId: string;
  readonly customerId: CustomerId;
  readonly lines: readonly PricedLine[];
  readonly shipping: ChosenShipping | null;
}

function newOrder({
  store,
  checkout,
  publicId,
  customerId,
  lines,
  shipping,
  requestId,
  now,
}: Decided): NewOrder {
  const { totals } = priceOf(lines, shipping?.priceCents ?? cents(0), store.currency);
  return {
    publicId,
    customerId,
    requestId,
    placedAt: now,
    currency: store.currency,
    fulfilmentType: checkout.fulfilment_type,
    contact: contactOf(checkout),
    address: shipping && addressOf(checkout),
    shippingMethod: shipping && {
      id: shipping.id,
      label: shipping.label,
    },
    notes: checkout.notes?.trim() || null,
    locale: checkout.locale ?? store.locale,
    paymentMethod: paymentMethodOf(checkout),
    promisedAt: promisedAt(checkout, store, now),
    totals: {
      itemsCents: totals.items_cents,
      shippingCents: totals.shipping_cents,
      totalCents: totals.total_cents,
    },
    lines: lines.map(frozen),
  };
}

/** Names and prices as they are now: later changes of the product must not reach into an order. */
function frozen({
  variant,
  quantity,
  unitCents,
  totalCents,
  choices,
}: PricedLine): NewOrder['lines'][number] {
  const { variantId, name, variantTitle, sku, stock } = variant;
  return {
    variantId,
    name,
    variantTitle,
    sku,
    quantity,
    unitCents,
    totalCents,
    counted: stock !== null,
    choices,
  };
}

function addressOf({ shipping_address: address }: Checkout): NewOrder['address'] {
  if (!address) return null;
  const place = normaliseDestination({
    country: address.country,
    state: address.state ?? null,
    postcode: address.postcode,
  });
  return {
    ...place,
    postcode: address.postcode.trim().toUpperCase(),
    city: address.city.trim(),
    line1: address.line1.trim(),
    line2: address.line2?.trim() || null,
  };
}

/** The order as a query would read it back, without asking. */
function asRow(order: NewOrder, id: OrderId, number: number): OrderRow {
  const { contact, address, totals } = order;
  return {
    id,
    number,
    public_id: order.publicId,
    version: 1,
    status: 'pending',
    fulfilment_type: order.fulfilmentType,
    customer_id: order.customerId,
    first_name: contact.firstName,
    last_name: contact.lastName,
    email: contact.email,
    mobile: contact.mobile,
    notes: order.notes,
    payment_method: order.paymentMethod,
    currency: order.currency,
    items_cents: totals.itemsCents,
    shipping_cents: totals.shippingCents,
    total_cents: totals.totalCents,
    discount_cents: 0,
    tax_cents: 0,
    shipping_label: order.shippingMethod?.label ?? null,
    shipping_status: address ? 'pending' : null,
    ...(address ?? {
      country: null,
      state: null,
      postcode: null,
      city: null,
      line1: null,
      line2: null,
    }),
    tracking_code: null,
    tracking_url: null,
    cancel_reason: null,
    handled_by_name: null,
    placed_at: order.placedAt,
    promised_at: order.promisedAt,
    accepted_at: null,
    started_at: null,
    ready_at: null,
    completed_at: null,
    cancelled_at: null,
    lines: order.lines.map(({ name, variantTitle, quantity, totalCents, choices }) => ({
      name,
      variant_title: variantTitle,
      quantity,
      total_cents: totalCents,
      choices: choices.map((choice) => ({
        group_name: choice.groupName,
        name: choice.name,
        quantity: choice.quantity,
      })),
    })),
  };
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
