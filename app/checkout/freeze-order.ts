import type { CustomerId, OrderId } from '#core/values/ids.ts';
import type { NewOrder } from './insert-order.ts';
import type { OrderLineRow, OrderRow } from '../orders/order-queries.ts';
import { normaliseDestination } from '../shipping/shipping-rules.ts';
import type { PickupPromise } from '../opening/pickup-promise.ts';
import type { StoreConfig } from '../stores/store-queries.ts';
import { contactOf, paymentMethodOf } from './checkout-input.ts';
import type { Checkout } from './checkout-schemas.ts';
import type { PricedLine } from '../cart/price-cart.ts';
import type { CartSum, Share } from '../cart/sum-cart.ts';
import type { TotalledCart } from '../cart/total-cart.ts';

/** A checkout of which everything is decided. */
export interface Decided {
  readonly store: StoreConfig;
  readonly checkout: Checkout;
  readonly publicId: string;
  readonly customerId: CustomerId;
  readonly cart: TotalledCart;
  /** When it can be picked up; null when it ships. */
  readonly pickup: PickupPromise | null;
  readonly requestId: string | null;
  readonly now: Date;
}

/** The order to be written: names and prices as they are now, because later changes of the shop must not reach into it. */
export function newOrder(decided: Decided): NewOrder {
  const { store, checkout, publicId, customerId, cart, pickup, requestId, now } = decided;
  const { lines, shipping, sum, promotion, pointsSpent } = cart;
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
    promisedAt: pickup?.promisedAt ?? null,
    slot: pickup?.slot ?? null,
    totals: totalsOf(sum),
    promotion: promotion && { id: promotion.id, code: promotion.code, cents: sum.promotionCents },
    points: pointsSpent > 0 ? { spent: pointsSpent, cents: sum.rewardCents } : null,
    taxes: sum.taxes,
    lines: lines.map((line, at) => frozen(line, sum.lines[at])),
  };
}

function totalsOf(sum: CartSum): NewOrder['totals'] {
  return {
    itemsCents: sum.itemsCents,
    shippingCents: sum.shippingCents,
    shippingDiscountCents: sum.shipping.discountCents,
    shippingTaxCents: sum.shipping.taxCents,
    discountCents: sum.discountCents,
    taxCents: sum.taxCents,
    taxIncludedCents: sum.taxIncludedCents,
    totalCents: sum.totalCents,
  };
}

function frozen(
  { variant, quantity, backordered, unitCents, totalCents, choices }: PricedLine,
  share: Share | undefined,
): NewOrder['lines'][number] {
  const { variantId, name, variantTitle, sku, stock } = variant;
  return {
    variantId,
    name,
    variantTitle,
    sku,
    quantity,
    unitCents,
    totalCents,
    discountCents: share?.discountCents ?? 0,
    taxCents: share?.taxCents ?? 0,
    taxRateMillipercent: share?.taxRateMillipercent ?? 0,
    counted: stock !== null,
    backordered,
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
export function asRow(order: NewOrder, id: OrderId, number: number): OrderRow {
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
    locale: order.locale,
    payment_method: order.paymentMethod,
    currency: order.currency,
    items_cents: totals.itemsCents,
    shipping_cents: totals.shippingCents,
    shipping_discount_cents: totals.shippingDiscountCents,
    shipping_tax_cents: totals.shippingTaxCents,
    discount_cents: totals.discountCents,
    tax_cents: totals.taxCents,
    tax_included_cents: totals.taxIncludedCents,
    total_cents: totals.totalCents,
    refunded_cents: 0,
    promotion_code: order.promotion?.code ?? null,
    promotion_cents: order.promotion?.cents ?? 0,
    loyalty_points_spent: order.points?.spent ?? 0,
    loyalty_cents: order.points?.cents ?? 0,
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
    slot_at: order.slot?.at ?? null,
    accepted_at: null,
    started_at: null,
    ready_at: null,
    completed_at: null,
    cancelled_at: null,
    taxes: order.taxes.map(({ name, rateMillipercent, netCents, taxCents }) => ({
      name,
      rate_millipercent: rateMillipercent,
      net_cents: netCents,
      tax_cents: taxCents,
    })),
    lines: order.lines.map(asLineRow),
  };
}

function asLineRow(line: NewOrder['lines'][number]): OrderLineRow {
  return {
    name: line.name,
    variant_title: line.variantTitle,
    quantity: line.quantity,
    backordered: line.backordered,
    unit_cents: line.unitCents,
    total_cents: line.totalCents,
    discount_cents: line.discountCents,
    tax_cents: line.taxCents,
    choices: line.choices.map((choice) => ({
      group_name: choice.groupName,
      name: choice.name,
      quantity: choice.quantity,
      price_delta_cents: choice.priceDeltaCents,
    })),
  };
}
