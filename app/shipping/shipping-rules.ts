import { addCents, timesCents } from '#core/values/money.ts';
import type { Cents } from '#core/values/money.ts';
import { countryCode, stateCode } from '#core/values/regions.ts';
import { normalisePostcode, withNoughts, type PostcodeRule } from './postcode.ts';

/** Divisor of carriers: 5000 cm³ count as one kilogram, which is 5000 mm³ to the gram. */
const VOLUME_MM3_PER_GRAM = 5000;

/** Where a store delivers: no states means all states of the country, no postcode rules all postcodes of those. */
export type ShippingZone = {
  id: number;
  name: string;
  country: string;
  states: readonly string[];
  postcodes: readonly PostcodeRule[];
};

/**
 * The type says which fields a merchant is asked for: `flat` one price, `weight` prices by weight, `price` prices
 * by cart total. A range that is left open matches everything, so the rates of all types are evaluated alike;
 * only `formula` differs: its weight, for ranges and for cost, is the volumetric one when that is greater.
 */
export type ShippingMethodType = 'flat' | 'weight' | 'price' | 'formula';

export type ShippingMethod = {
  id: number;
  label: string;
  type: ShippingMethodType;
  active: boolean;
  etaText: string;
};

/** Bounds are inclusive; null leaves that side open. `perKgCents` is charged for every started kilogram. */
export type ShippingRate = {
  zoneId: number;
  methodId: number;
  minWeightGrams: number | null;
  maxWeightGrams: number | null;
  minTotalCents: Cents | null;
  maxTotalCents: Cents | null;
  baseCents: Cents;
  perKgCents: Cents | null;
};

export type ShippingRules = {
  zones: readonly ShippingZone[];
  methods: readonly ShippingMethod[];
  rates: readonly ShippingRate[];
};

export type Destination = { country: string; state: string | null; postcode: string };

/** `unitPriceCents` includes the choices of the line. */
export type ShipmentLine = {
  quantity: number;
  unitPriceCents: Cents;
  weightGrams: number;
  lengthMm: number | null;
  widthMm: number | null;
  heightMm: number | null;
  shippable: boolean;
};

/** What has to be carried. Not `shippable` means that nothing in the cart has to be. */
export type Shipment = {
  weightGrams: number;
  volumetricGrams: number;
  totalCents: Cents;
  shippable: boolean;
};

/** `meta.zone` names the zone whose rate gave the price. */
export type ShippingOption = {
  methodId: number;
  label: string;
  priceCents: Cents;
  etaText: string;
  meta: { zone: string };
};

export type ShippingQuote =
  | { kind: 'options'; options: ShippingOption[] }
  | { kind: 'not_needed' }
  | { kind: 'not_delivered' }
  | { kind: 'no_rate' };

export function normaliseDestination({ country, state, postcode }: Destination): Destination {
  const region = countryCode(country);
  return {
    country: region,
    state: stateCode(region, state),
    postcode: withNoughts(region, normalisePostcode(postcode)),
  };
}

/** The states of a zone by their codes. */
export function stateCodes({ country, states }: Pick<ShippingZone, 'country' | 'states'>): string[] {
  return states.flatMap((state) => stateCode(countryCode(country), state) ?? []);
}

/** Sums the lines that are shipped. Volume is summed before it is rounded up, so splitting a line changes nothing. */
export function shipmentOf(lines: readonly ShipmentLine[]): Shipment {
  const shipped = lines.filter((line) => line.shippable);
  return {
    weightGrams: sum(shipped.map((line) => line.quantity * line.weightGrams)),
    volumetricGrams: Math.ceil(
      sum(shipped.map((line) => line.quantity * volumeMm3(line))) / VOLUME_MM3_PER_GRAM,
    ),
    totalCents: addCents(...shipped.map((line) => timesCents(line.unitPriceCents, line.quantity))),
    shippable: shipped.length > 0,
  };
}

function volumeMm3({ lengthMm, widthMm, heightMm }: ShipmentLine): number {
  return (lengthMm ?? 0) * (widthMm ?? 0) * (heightMm ?? 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
