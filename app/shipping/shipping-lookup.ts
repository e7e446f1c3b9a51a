import { cents } from '#core/values/money.ts';
import type { Cents } from '#core/values/money.ts';
import { countryCode } from '#core/values/regions.ts';
import { normalisePostcode, postcodeRange, type PostcodeRange } from './postcode.ts';
import { stateCodes } from './shipping-rules.ts';
import type { ShippingRate, ShippingRules, ShippingZone } from './shipping-rules.ts';

/**
 * The rules of a store, arranged so that a quote reads only what can match. Plain JSON, and canonical: the same
 * rules give the same lookup whatever order their rows come in, so a stored one can be compared with its source.
 */
export type ShippingLookup = {
  countries: Record<string, LookupCountry>;
  /** By id, so that the lower position wins a tie. */
  zones: LookupZone[];
  /** The active ones, by id. */
  methods: LookupMethod[];
};

export type LookupCountry = { wholeCountry: LookupArea; states: Record<string, LookupArea> };

/** Which zones, as positions in `zones`, a postcode of this country or state falls in. */
export type LookupArea = {
  anyPostcode: number[];
  /** Of digits. */
  ranges: LookupRange<number>[];
  /** Of letters and digits, by how many places they compare; absent when there are none. */
  keyRanges?: { length: number; ranges: LookupRange<string>[] }[];
  prefixes: Record<string, number[]>;
  prefixLengths: number[];
};

/** Sorted by `from`; `reach` is the largest `to` up to and including this range. */
export type LookupRange<Bound> = { from: Bound; to: Bound; reach: Bound; zone: number };

/** Rates by method id, in tiers of equal specificity, the most specific tier first. */
export type LookupZone = { name: string; tiers: Record<string, LookupRate[][]> };

export type LookupRate = Omit<ShippingRate, 'zoneId' | 'methodId' | 'perKgCents'> & { perKgCents: Cents };

type Bounds = Pick<ShippingRate, 'minWeightGrams' | 'maxWeightGrams' | 'minTotalCents' | 'maxTotalCents'>;

export type LookupMethod = { id: number; label: string; etaText: string; volumetric: boolean };

type Placed = { zone: ShippingZone; position: number };

export function buildShippingLookup(rules: ShippingRules): ShippingLookup {
  const zones = rules.zones.toSorted((a, b) => a.id - b.id);
  const methods = rules.methods.filter((method) => method.active).toSorted((a, b) => a.id - b.id);
  const ratesByZone = Map.groupBy(rules.rates, (rate) => rate.zoneId);
  const activeIds = new Set(methods.map((method) => method.id));
  return {
    countries: countriesOf(zones.map((zone, position) => ({ zone, position }))),
    zones: zones.map(({ id, name }) => {
      const rates = (ratesByZone.get(id) ?? []).filter((rate) => activeIds.has(rate.methodId));
      return { name, tiers: tiersByMethod(rates) };
    }),
    methods: methods.map(({ id, label, etaText, type }) => {
      return { id, label, etaText, volumetric: type === 'formula' };
    }),
  };
}

function countriesOf(placed: Placed[]): Record<string, LookupCountry> {
  const byCountry = Map.groupBy(placed, ({ zone }) => countryCode(zone.country));
  return mapRecord(byCountry, (members, country) => ({
    wholeCountry: areaOf(
      country,
      members.filter(({ zone }) => zone.states.length === 0),
    ),
    states: mapRecord(byState(members), (ofState) => areaOf(country, ofState)),
  }));
}

/** A zone that lists several states is found under each of them. */
function byState(placed: Placed[]): Map<string, Placed[]> {
  const members = placed.flatMap(({ zone, position }) =>
    unique(stateCodes(zone)).map((state) => ({ state, zone, position })),
  );
  return Map.groupBy(members, ({ state }) => state);
}

function areaOf(country: string, placed: Placed[]): LookupArea {
  const rules = placed.flatMap(({ zone, position }) => zone.postcodes.map((rule) => ({ rule, position })));
  const prefixes = Map.groupBy(
    rules.flatMap(({ rule, position }) =>
      rule.kind === 'prefix' ? [{ prefix: normalisePostcode(rule.prefix), position }] : [],
    ),
    ({ prefix }) => prefix,
  );
  return {
    anyPostcode: placed.filter(({ zone }) => zone.postcodes.length === 0).map(({ position }) => position),
    ...rangesOf(
      rules.flatMap(({ rule, position }) => {
        const range = rule.kind === 'range' ? postcodeRange(country, rule) : null;
        return range ? [{ ...range, zone: position }] : [];
      }),
    ),
    prefixes: mapRecord(prefixes, (members) => unique(members.map(({ position }) => position))),
    prefixLengths: unique([...prefixes.keys()].map((prefix) => prefix.length)).toSorted((a, b) => a - b),
  };
}

function rangesOf(ranges: readonly (PostcodeRange & { zone: number })[]) {
  const numbers = ranges.filter((range) => range.kind === 'numbers');
  const byLength = Map.groupBy(
    ranges.filter((range) => range.kind === 'keys'),
    ({ length }) => length,
  );
  const keyRanges = [...byLength]
    .toSorted(([a], [b]) => a - b)
    .map(([length, members]) => ({ length, ranges: withReach(members) }));
  return { ranges: withReach(numbers), ...(keyRanges.length > 0 && { keyRanges }) };
}

function withReach<Bound extends number | string>(
  ranges: readonly { readonly from: Bound; readonly to: Bound; readonly zone: number }[],
): LookupRange<Bound>[] {
  let reach: Bound | undefined;
  return ranges
    .toSorted((a, b) => order(a.from, b.from) || order(a.to, b.to))
    .map(({ from, to, zone }) => {
      reach = reach === undefined || to > reach ? to : reach;
      return { from, to, reach, zone };
    });
}

/** By code unit: a locale's order depends on the machine. */
function order<Bound extends number | string>(a: Bound, b: Bound): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function tiersByMethod(rates: ShippingRate[]): Record<string, LookupRate[][]> {
  const byMethod = Map.groupBy(rates, (rate) => String(rate.methodId));
  return mapRecord(byMethod, (members) => {
    const ordered = members.map(lookupRateOf).sort(bySpecificityThenContent);
    return [...Map.groupBy(ordered, (rate) => specificityOf(rate).join(' ')).values()];
  });
}

function lookupRateOf(rate: ShippingRate): LookupRate {
  return {
    minWeightGrams: rate.minWeightGrams,
    maxWeightGrams: rate.maxWeightGrams,
    minTotalCents: rate.minTotalCents,
    maxTotalCents: rate.maxTotalCents,
    baseCents: rate.baseCents,
    perKgCents: rate.perKgCents ?? cents(0),
  };
}

function bySpecificityThenContent(a: LookupRate, b: LookupRate): number {
  const keyOfB = contentOf(b);
  for (const [index, value] of contentOf(a).entries()) {
    const other = keyOfB[index] ?? value;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

function contentOf(rate: LookupRate): number[] {
  const upperBounds = [rate.maxWeightGrams ?? Infinity, rate.maxTotalCents ?? Infinity];
  return [...specificityOf(rate), ...upperBounds, rate.baseCents, rate.perKgCents];
}

/** Smaller is more specific: narrow ranges first, then high minimums. A range open on either side is infinitely wide. */
export function specificityOf(rate: Bounds): number[] {
  return [
    widthOf(rate.minWeightGrams, rate.maxWeightGrams),
    widthOf(rate.minTotalCents, rate.maxTotalCents),
    -(rate.minWeightGrams ?? -Infinity),
    -(rate.minTotalCents ?? -Infinity),
  ];
}

function widthOf(min: number | null, max: number | null): number {
  return min === null || max === null ? Infinity : max - min;
}

function mapRecord<From, To>(
  groups: Map<string, From>,
  map: (from: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries([...groups].map(([key, from]) => [key, map(from, key)]));
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
