import { countryCode } from '#core/values/regions.ts';
import { normalisePostcode, postcodeKey, postcodeRange, type PostcodeRule } from './postcode.ts';
import { stateCodes, type ShippingZone } from './shipping-rules.ts';

/** Postcodes from one text to another as texts sort; those that begin with a text lie between it and it followed by the last of all letters. */
interface Span {
  readonly from: string;
  readonly to: string;
}

/** Behind every letter and digit. */
const LAST = '\u{ffff}';

/** The names of zones that take the same postcodes, pair by pair, at most so many. */
export function overlappingZones(zones: readonly ShippingZone[], pairsMax: number): [string, string][] {
  const byCountry = Map.groupBy(zones, ({ country }) => countryCode(country));
  return [...byCountry].flatMap(([country, members]) => pairsIn(country, members, pairsMax));
}

/** Spans sorted by where they begin are met one after the other, while those that have not ended stay open. */
function pairsIn(country: string, zones: readonly ShippingZone[], pairsMax: number): [string, string][] {
  const width = widthOf(country, zones);
  const spans = zones
    .flatMap((zone) => spansOf(country, zone, width).map((span) => ({ zone, ...span })))
    .toSorted((a, b) => compare(a.from, b.from));
  const pairs = new Map<string, [string, string]>();
  let open: typeof spans = [];
  for (const span of spans) {
    open = open.filter(({ to }) => to >= span.from);
    for (const { zone } of open) {
      if (zone === span.zone || !shareState(zone, span.zone)) continue;
      const [first, second] = zone.id < span.zone.id ? [zone, span.zone] : [span.zone, zone];
      pairs.set(`${first.id} ${second.id}`, [first.name, second.name]);
      if (pairs.size === pairsMax) return [...pairs.values()];
    }
    open.push(span);
  }
  return [...pairs.values()];
}

/** Digits of the longest range: 800–832 and 0800 are the same postcodes. */
function widthOf(country: string, zones: readonly ShippingZone[]): number {
  const widths = zones.flatMap(({ postcodes }) =>
    postcodes.map((rule) => {
      const range = rule.kind === 'range' ? postcodeRange(country, rule) : null;
      return range?.kind === 'numbers' ? normalisePostcode(rule.kind === 'range' ? rule.to : '').length : 0;
    }),
  );
  return Math.max(0, ...widths);
}

function spansOf(country: string, { postcodes }: ShippingZone, width: number): Span[] {
  if (postcodes.length === 0) return [{ from: '', to: LAST }];
  return joined(postcodes.flatMap((rule) => spansOfRule(country, rule, width)));
}

function spansOfRule(country: string, rule: PostcodeRule, width: number): Span[] {
  if (rule.kind === 'prefix') return spansOfPrefix(country, normalisePostcode(rule.prefix));
  const range = postcodeRange(country, rule);
  if (range === null) return [];
  const inPlaces = (bound: number | string) => String(bound).padStart(width, '0');
  if (range.kind === 'numbers') return [{ from: inPlaces(range.from), to: inPlaces(range.to) + LAST }];
  return [{ from: range.from, to: range.to + LAST }];
}

/** Beginnings of British postcodes are not beginnings of their keys: B begins Birmingham and Belfast, SW1 also SW10. */
function spansOfPrefix(country: string, prefix: string): Span[] {
  if (country !== 'GB') return [{ from: prefix, to: prefix + LAST }];
  if (/^[A-Z]$/.test(prefix)) return [{ from: `${prefix} `, to: `${prefix}Z${LAST}` }];
  const key = postcodeKey(country, prefix);
  if (key === '') return [];
  const tens = /^[A-Z]+[1-9]$/.test(prefix)
    ? [{ from: postcodeKey(country, `${prefix}0`), to: postcodeKey(country, `${prefix}9`) + LAST }]
    : [];
  return [{ from: key, to: key + LAST }, ...tens];
}

/** Within a zone it does not matter how often a postcode is named. */
function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of spans.toSorted((a, b) => compare(a.from, b.from))) {
    const last = all.at(-1);
    if (last === undefined || last.to < span.from) all.push(span);
    else if (span.to > last.to) all[all.length - 1] = { from: last.from, to: span.to };
  }
  return all;
}

/** A zone without states takes those of the country. */
function shareState(a: ShippingZone, b: ShippingZone): boolean {
  if (a.states.length === 0 || b.states.length === 0) return true;
  const of = new Set(stateCodes(a));
  return stateCodes(b).some((state) => of.has(state));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
