import { countryCode } from '#core/values/regions.ts';
import { takesPostcode } from './postcode.ts';
import { priceOf } from './quote-shipping.ts';
import { specificityOf } from './shipping-lookup.ts';
import {
  normaliseDestination,
  stateCodes,
  type Destination,
  type Shipment,
  type ShippingMethod,
  type ShippingRate,
  type ShippingRules,
  type ShippingZone,
} from './shipping-rules.ts';

/** Why a zone takes the destination, or the first thing of it that keeps the destination out. */
export type ZoneVerdict =
  | 'whole_country'
  | 'state'
  | 'postcode'
  | 'other_country'
  | 'other_state'
  | 'other_postcode';

/** What became of a rate: chosen, kept out by its bounds, or beaten within its zone or by another zone. */
export type RateVerdict =
  | 'chosen'
  | 'too_light'
  | 'too_heavy'
  | 'total_too_low'
  | 'total_too_high'
  | 'less_specific'
  | 'dearer'
  | 'dearer_than_other_zone'
  | 'method_inactive';

export interface ShippingExplanation {
  readonly destination: Destination;
  readonly zones: readonly {
    readonly zone: ShippingZone;
    readonly matches: boolean;
    readonly why: ZoneVerdict;
  }[];
  readonly methods: readonly ExplainedMethod[];
}

export interface ExplainedMethod {
  readonly method: ShippingMethod;
  /** What is weighed for ranges and price, in grams: the volume's when that is greater and the method goes by it. */
  readonly weightGrams: number;
  readonly weighed: 'scales' | 'volume';
  /** Null when the method is not offered. */
  readonly priceCents: number | null;
  /** Those of the zones that match. */
  readonly rates: readonly ExplainedRate[];
}

export interface ExplainedRate {
  readonly zone: ShippingZone;
  readonly rate: ShippingRate;
  /** What this rate would ask. */
  readonly priceCents: number;
  readonly verdict: RateVerdict;
}

/** Says what `quoteShipping` decides, rule by rule: read from the rules themselves, not from the lookup. */
export function explainShipping(
  rules: ShippingRules,
  to: Destination,
  shipment: Shipment,
): ShippingExplanation {
  const destination = normaliseDestination(to);
  const zones = rules.zones.map((zone) => {
    const why = verdictOn(zone, destination);
    return { zone, matches: !why.startsWith('other_'), why };
  });
  const matching = zones.filter(({ matches }) => matches).map(({ zone }) => zone);
  return {
    destination,
    zones,
    methods: rules.methods.map((method) => explainMethod(method, matching, rules, shipment)),
  };
}

function verdictOn(zone: ShippingZone, to: Destination): ZoneVerdict {
  if (countryCode(zone.country) !== to.country) return 'other_country';
  const [states, { postcodes }] = [stateCodes(zone), zone];
  if (states.length > 0 && !states.some((state) => state === to.state)) return 'other_state';
  if (postcodes.length === 0) return states.length > 0 ? 'state' : 'whole_country';
  return postcodes.some((rule) => takesPostcode(to.country, rule, to.postcode))
    ? 'postcode'
    : 'other_postcode';
}

function explainMethod(
  method: ShippingMethod,
  zones: readonly ShippingZone[],
  rules: ShippingRules,
  shipment: Shipment,
): ExplainedMethod {
  const byVolume = method.type === 'formula' && shipment.volumetricGrams > shipment.weightGrams;
  const weightGrams = byVolume ? shipment.volumetricGrams : shipment.weightGrams;
  const judged = zones.flatMap((zone) => {
    const rates = rules.rates.filter(({ zoneId, methodId }) => zoneId === zone.id && methodId === method.id);
    return judgeIn(zone, rates, { weightGrams, totalCents: shipment.totalCents });
  });
  const rates = method.active
    ? againstOtherZones(judged)
    : judged.map((rate) => ({ ...rate, verdict: 'method_inactive' as const }));
  const chosen = rates.find(({ verdict }) => verdict === 'chosen');
  const weighed = byVolume ? 'volume' : 'scales';
  return { method, weightGrams, weighed, priceCents: chosen?.priceCents ?? null, rates };
}

/** Within a zone the most specific rate that fits wins, and of equally specific ones the cheapest. */
function judgeIn(
  zone: ShippingZone,
  rates: readonly ShippingRate[],
  { weightGrams, totalCents }: { weightGrams: number; totalCents: number },
): ExplainedRate[] {
  const priced = rates.map((rate) => ({
    zone,
    rate,
    priceCents: priceOf(
      { ...rate, perKgCents: rate.perKgCents ?? (0 as ShippingRate['baseCents']) },
      weightGrams,
    ),
    misfit: misfitOf(rate, weightGrams, totalCents),
  }));
  const [best] = priced
    .filter(({ misfit }) => misfit === null)
    .toSorted((a, b) => moreSpecificFirst(a.rate, b.rate) || a.priceCents - b.priceCents);
  return priced.map(({ misfit, ...each }) => {
    if (misfit) return { ...each, verdict: misfit };
    if (!best || each.rate === best.rate) return { ...each, verdict: 'chosen' };
    return { ...each, verdict: moreSpecificFirst(best.rate, each.rate) < 0 ? 'less_specific' : 'dearer' };
  });
}

function misfitOf(rate: ShippingRate, weight: number, total: number): RateVerdict | null {
  if (weight < (rate.minWeightGrams ?? 0)) return 'too_light';
  if (weight > (rate.maxWeightGrams ?? Infinity)) return 'too_heavy';
  if (total < (rate.minTotalCents ?? 0)) return 'total_too_low';
  return total > (rate.maxTotalCents ?? Infinity) ? 'total_too_high' : null;
}

function moreSpecificFirst(a: ShippingRate, b: ShippingRate): number {
  const others = specificityOf(b);
  for (const [at, value] of specificityOf(a).entries()) {
    const other = others[at] ?? value;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** Zones come by id: the first of those that cost the same wins. */
function againstOtherZones(rates: readonly ExplainedRate[]): ExplainedRate[] {
  const winners = rates.filter(({ verdict }) => verdict === 'chosen');
  const lowest = Math.min(...winners.map(({ priceCents }) => priceCents));
  const best = winners.find(({ priceCents }) => priceCents === lowest);
  return rates.map((rate) =>
    rate.verdict === 'chosen' && rate !== best ? { ...rate, verdict: 'dearer_than_other_zone' } : rate,
  );
}
