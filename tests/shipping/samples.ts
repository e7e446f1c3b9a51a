import { quoteShipping } from '#app/shipping/quote-shipping.ts';
import { buildShippingLookup } from '#app/shipping/shipping-lookup.ts';
import type {
  Destination,
  Shipment,
  ShipmentLine,
  ShippingMethod,
  ShippingQuote,
  ShippingRate,
  ShippingRules,
  ShippingZone,
} from '#app/shipping/shipping-rules.ts';
import { cents } from '#core/values/money.ts';

/** A zone that covers Australia. */
export function zone(changes: Partial<ShippingZone>): ShippingZone {
  return { id: 1, name: 'Australia', country: 'AU', states: [], postcodes: [], ...changes };
}

export function method(changes: Partial<ShippingMethod>): ShippingMethod {
  return { id: 1, label: 'Parcel', type: 'flat', active: true, etaText: '2–4 days', ...changes };
}

/** A rate of 1000 cents for everything. */
export function rate(changes: Partial<ShippingRate>): ShippingRate {
  return {
    zoneId: 1,
    methodId: 1,
    minWeightGrams: null,
    maxWeightGrams: null,
    minTotalCents: null,
    maxTotalCents: null,
    baseCents: cents(1000),
    perKgCents: null,
    ...changes,
  };
}

export function line(changes: Partial<ShipmentLine>): ShipmentLine {
  return {
    quantity: 1,
    unitPriceCents: cents(4500),
    weightGrams: 450,
    lengthMm: null,
    widthMm: null,
    heightMm: null,
    shippable: true,
    ...changes,
  };
}

/** One zone, one method and one rate, but for the changes. */
export function rulesOf(changes: Partial<ShippingRules>): ShippingRules {
  return { zones: [zone({})], methods: [method({})], rates: [rate({})], ...changes };
}

/** Quotes 450 g for 45.00 to Melbourne, but for the changes. */
export function quote(
  rules: ShippingRules,
  shipment: Partial<Shipment> = {},
  destination: Partial<Destination> = {},
): ShippingQuote {
  return quoteShipping(
    buildShippingLookup(rules),
    { country: 'AU', state: null, postcode: '3000', ...destination },
    { weightGrams: 450, volumetricGrams: 0, totalCents: cents(4500), shippable: true, ...shipment },
  );
}

export function kindOf(rules: ShippingRules, destination: Partial<Destination>): ShippingQuote['kind'] {
  return quote(rules, {}, destination).kind;
}

export function pricesOf(rules: ShippingRules, shipment: Partial<Shipment> = {}): number[] {
  const found = quote(rules, shipment);
  return found.kind === 'options' ? found.options.map((option) => option.priceCents) : [];
}
