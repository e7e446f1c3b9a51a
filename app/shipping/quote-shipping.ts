import { cents } from '#core/values/money.ts';
import { postcodeKey, postcodeNumber } from './postcode.ts';
import type {
  LookupArea,
  LookupMethod,
  LookupRange,
  LookupRate,
  LookupZone,
  ShippingLookup,
} from './shipping-lookup.ts';
import { normaliseDestination } from './shipping-rules.ts';
import type { Destination, Shipment, ShippingOption, ShippingQuote } from './shipping-rules.ts';

const GRAMS_PER_KILOGRAM = 1000;

/**
 * What it costs to send the shipment to the destination, by every active method that has a rate for it: the most
 * specific rate of each zone, the cheapest of these over all zones. Sorted by price, then label, then method.
 * Refuses AMOUNT_TOO_LARGE when a price would pass `AMOUNT_MAX_CENTS`.
 */
export function quoteShipping(
  lookup: ShippingLookup,
  destination: Destination,
  shipment: Shipment,
): ShippingQuote {
  if (!shipment.shippable) return { kind: 'not_needed' };
  const zones = zonesAt(lookup, normaliseDestination(destination));
  if (zones.length === 0) return { kind: 'not_delivered' };
  const options = lookup.methods.flatMap((method) => cheapestOption(method, zones, shipment) ?? []);
  return options.length === 0 ? { kind: 'no_rate' } : { kind: 'options', options: options.toSorted(byPrice) };
}

// The keys of the lookup are upper case and so is what is looked up, which no inherited property name is.
function zonesAt(lookup: ShippingLookup, destination: Destination): LookupZone[] {
  const found = lookup.countries[destination.country];
  if (found === undefined) return [];
  const positions = new Set<number>();
  collectZones(positions, found.wholeCountry, destination);
  if (destination.state !== null) collectZones(positions, found.states[destination.state], destination);
  return [...positions].toSorted((a, b) => a - b).flatMap((position) => lookup.zones[position] ?? []);
}

function collectZones(
  positions: Set<number>,
  area: LookupArea | undefined,
  { country, postcode }: Destination,
): void {
  if (area === undefined) return;
  for (const zone of area.anyPostcode) positions.add(zone);
  for (const length of area.prefixLengths) {
    for (const zone of area.prefixes[postcode.slice(0, length)] ?? []) positions.add(zone);
  }
  const number = postcodeNumber(country, postcode);
  if (number !== null) collectRanges(positions, area.ranges, number);
  if (area.keyRanges === undefined) return;
  const key = postcodeKey(country, postcode);
  for (const { length, ranges } of area.keyRanges) {
    if (key.length >= length) collectRanges(positions, ranges, key.slice(0, length));
  }
}

function collectRanges<Bound extends number | string>(
  positions: Set<number>,
  ranges: readonly LookupRange<Bound>[],
  postcode: Bound,
): void {
  for (let index = countStartingBy(ranges, postcode) - 1; index >= 0; index -= 1) {
    const range = ranges[index];
    if (range === undefined || range.reach < postcode) return;
    if (range.to >= postcode) positions.add(range.zone);
  }
}

function countStartingBy<Bound extends number | string>(
  ranges: readonly LookupRange<Bound>[],
  postcode: Bound,
): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range !== undefined && range.from <= postcode) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cheapestOption(
  method: LookupMethod,
  zones: readonly LookupZone[],
  shipment: Shipment,
): ShippingOption | undefined {
  const weight = method.volumetric
    ? Math.max(shipment.weightGrams, shipment.volumetricGrams)
    : shipment.weightGrams;
  let cheapest: { price: number; zone: string } | undefined;
  for (const zone of zones) {
    const price = priceIn(zone.tiers[method.id] ?? [], weight, shipment.totalCents);
    if (price < (cheapest?.price ?? Infinity)) cheapest = { price, zone: zone.name };
  }
  if (cheapest === undefined) return undefined;
  const { id: methodId, label, etaText } = method;
  return { methodId, label, priceCents: cents(cheapest.price), etaText, meta: { zone: cheapest.zone } };
}

/** The lowest price of the most specific tier that has a matching rate; infinite when none has. */
function priceIn(tiers: readonly LookupRate[][], weight: number, total: number): number {
  for (const tier of tiers) {
    let lowest = Infinity;
    for (const rate of tier) {
      if (matches(rate, weight, total)) lowest = Math.min(lowest, priceOf(rate, weight));
    }
    if (lowest < Infinity) return lowest;
  }
  return Infinity;
}

function matches(rate: LookupRate, weight: number, total: number): boolean {
  return (
    isWithin(weight, rate.minWeightGrams, rate.maxWeightGrams) &&
    isWithin(total, rate.minTotalCents, rate.maxTotalCents)
  );
}

function isWithin(value: number, min: number | null, max: number | null): boolean {
  return (min === null || value >= min) && (max === null || value <= max);
}

/** Base price and price of each started kilogram, in cents. */
export function priceOf(rate: Pick<LookupRate, 'baseCents' | 'perKgCents'>, weight: number): number {
  return rate.baseCents + rate.perKgCents * Math.ceil(weight / GRAMS_PER_KILOGRAM);
}

// Labels are compared by code unit, because a locale's order depends on the machine.
function byPrice(a: ShippingOption, b: ShippingOption): number {
  if (a.priceCents !== b.priceCents) return a.priceCents - b.priceCents;
  if (a.label !== b.label) return a.label < b.label ? -1 : 1;
  return a.methodId - b.methodId;
}
