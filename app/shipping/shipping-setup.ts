import { isCountry } from '#core/values/locale.ts';
import { countryCode, isStateOf } from '#core/values/regions.ts';
import { refusal } from '../errors.ts';
import { postcodeRange } from './postcode.ts';
import { stateCodes, type ShippingMethod, type ShippingRate, type ShippingZone } from './shipping-rules.ts';

/** Shipping rules as they are entered. Zones go by their names, methods by their labels, each once. */
export interface ShippingSetup {
  readonly zones: readonly ZoneSetup[];
  readonly methods: readonly MethodSetup[];
  readonly rates: readonly RateSetup[];
}

export type ZoneSetup = Omit<ShippingZone, 'id'>;
export type MethodSetup = Omit<ShippingMethod, 'id'>;

export interface RateSetup extends Partial<Omit<ShippingRate, 'zoneId' | 'methodId' | 'baseCents'>> {
  /** Name of a zone. */
  readonly zone: string;
  /** Label of a method. */
  readonly method: string;
  readonly baseCents: ShippingRate['baseCents'];
}

/** Rates of one method in one zone: more are a table that belongs into several methods. */
const RATES_PER_METHOD_MAX = 50;
const STATE_LENGTH_MAX = 60;

/**
 * Refuses a zone with ranges of postcodes that take nothing, with rates of methods that are none of these, with bounds the wrong way round,
 * and with too many of them. `field` goes before the names of fields: empty, or `zones.0.`.
 */
export function refuseWrongZone(
  zone: ZoneSetup,
  rates: readonly Omit<RateSetup, 'zone'>[],
  { methods, field }: { readonly methods: readonly string[]; readonly field: string },
): void {
  const country = countryCode(zone.country);
  if (!isCountry(country)) throw invalid(`${field}country`, `${country} is no country`);
  for (const [at, rule] of zone.postcodes.entries()) {
    if (rule.kind === 'prefix' || postcodeRange(country, rule) !== null) continue;
    const message = `${rule.from}–${rule.to} takes no postcode: both ends are written alike, the lower one first`;
    throw invalid(`${field}postcodes.${at}`, message);
  }
  for (const [at, state] of zone.states.entries()) {
    // Some letters are longer in upper case.
    if (state.trim().toUpperCase().length > STATE_LENGTH_MAX)
      throw invalid(`${field}states.${at}`, `expected at most ${STATE_LENGTH_MAX} letters`);
  }
  for (const [at, state] of stateCodes(zone).entries())
    if (!isStateOf(country, state))
      throw invalid(`${field}states.${at}`, `${state} is no state of ${country}`);
  for (const [at, rate] of rates.entries()) refuseWrongRate(rate, methods, `${field}rates.${at}`);
  for (const [method, { length }] of Map.groupBy(rates, (rate) => rate.method)) {
    if (length <= RATES_PER_METHOD_MAX) continue;
    throw invalid(`${field}rates`, `"${method}" has ${length}; expected at most ${RATES_PER_METHOD_MAX}`);
  }
}

function refuseWrongRate(rate: Omit<RateSetup, 'zone'>, methods: readonly string[], field: string): void {
  if (!methods.includes(rate.method))
    throw invalid(`${field}.method`, `"${rate.method}" is no shipping method of the store`);
  if (!isInOrder(rate.minWeightGrams, rate.maxWeightGrams)) throw crossed(field, 'weight_grams');
  if (!isInOrder(rate.minTotalCents, rate.maxTotalCents)) throw crossed(field, 'total_cents');
}

function isInOrder(min: number | null | undefined, max: number | null | undefined): boolean {
  return (min ?? 0) <= (max ?? Infinity);
}

function crossed(field: string, bound: string) {
  const message = 'the lower bound is above the upper one';
  return refusal('VALIDATION_FAILED', `The shipping rules need a change: ${message}.`, {
    errors: { [`${field}.min_${bound}`]: [message], [`${field}.max_${bound}`]: [message] },
  });
}

function invalid(field: string, message: string) {
  return refusal('VALIDATION_FAILED', `The shipping rules need a change: ${message}.`, {
    errors: { [field]: [message] },
  });
}
