import type { PostcodeRule } from '#app/shipping/postcode.ts';
import type {
  Destination,
  ShipmentLine,
  ShippingMethod,
  ShippingQuote,
  ShippingRate,
  ShippingRules,
  ShippingZone,
} from '#app/shipping/shipping-rules.ts';
import { cents, type Cents } from '#core/values/money.ts';

/** The rules once more, as slowly and as literally as they can be said, sharing only types with the engine. */
export function naiveQuote(
  configuration: ShippingRules,
  to: Destination,
  cart: ShipmentLine[],
): ShippingQuote {
  const shipped = cart.filter((each) => each.shippable);
  if (shipped.length === 0) return { kind: 'not_needed' };
  const units = shipped.flatMap((each) => Array.from({ length: each.quantity }, () => each));
  const scales = units.reduce((kilos, unit) => kilos + unit.weightGrams, 0);
  const mm3 = units.reduce(
    (all, unit) => all + (unit.lengthMm ?? 0) * (unit.widthMm ?? 0) * (unit.heightMm ?? 0),
    0,
  );
  const volumetric = Math.ceil((mm3 / 1000 / 5000) * 1000 - 1e-9);
  const total = units.reduce((all, unit) => all + unit.unitPriceCents, 0);

  const zones = configuration.zones.filter((each) => naiveCovers(each, to));
  if (zones.length === 0) return { kind: 'not_delivered' };
  const options = configuration.methods
    .filter((each) => each.active)
    .flatMap((each) => {
      const weight = each.type === 'formula' && volumetric > scales ? volumetric : scales;
      const offers = zones.flatMap((where) => {
        const price = naivePrice(configuration.rates, where, each, weight, total);
        return price === undefined ? [] : [{ price, where }];
      });
      const best = offers.find((offer) =>
        offers.every(
          (rival) =>
            offer.price < rival.price || (offer.price === rival.price && offer.where.id <= rival.where.id),
        ),
      );
      if (best === undefined) return [];
      const meta = { zone: best.where.name };
      return [{ methodId: each.id, label: each.label, priceCents: best.price, etaText: each.etaText, meta }];
    });
  if (options.length === 0) return { kind: 'no_rate' };
  options.sort((a, b) => a.methodId - b.methodId);
  options.sort((a, b) => Number(a.label > b.label) - Number(a.label < b.label));
  options.sort((a, b) => a.priceCents - b.priceCents);
  return { kind: 'options', options };
}

function naiveCovers(where: ShippingZone, to: Destination): boolean {
  const postcode = naivePlain(to.postcode);
  return (
    naivePlain(where.country) === naivePlain(to.country) &&
    (where.states.length === 0 || where.states.some((each) => naivePlain(each) === naivePlain(to.state))) &&
    (where.postcodes.length === 0 ||
      where.postcodes.some((rule) =>
        rule.kind === 'prefix'
          ? postcode.startsWith(naivePlain(rule.prefix))
          : naiveInRange(naivePlain(where.country), rule, postcode),
      ))
  );
}

function naiveInRange(country: string, rule: PostcodeRule & { kind: 'range' }, postcode: string): boolean {
  const [from, to] = [naivePlain(rule.from), naivePlain(rule.to)];
  if (naiveDigits(from) && naiveDigits(to)) {
    const coarse =
      (country === 'NL' && /^....[A-Z][A-Z]$/.test(postcode)) ||
      (country === 'US' && naiveDigits(postcode) && postcode.length === 9)
        ? postcode.slice(0, country === 'NL' ? 4 : 5)
        : postcode;
    return naiveDigits(coarse) && Number(from) <= Number(coarse) && Number(coarse) <= Number(to);
  }
  const [low, high, there] = [from, to, postcode].map((text) =>
    country === 'GB' ? naiveBritish(text) : [...text],
  );
  if (!low?.length || !high || !there || low.length !== high.length || there.length < low.length)
    return false;
  return !naiveBefore(there.slice(0, low.length), low) && !naiveBefore(high, there.slice(0, low.length));
}

function naiveDigits(text: string): boolean {
  return text !== '' && [...text].every((letter) => '0123456789'.includes(letter));
}

/** Area, number of the district, its letter, and what is within; only as much as the text has. */
function naiveBritish(text: string): (string | number)[] {
  const within = /\d[A-Z][A-Z]$/.exec(text)?.[0];
  const outer = within && /\d/.test(text.slice(0, -3)) ? text.slice(0, -3) : text;
  const [, area = '', district = '', letter = ''] = /^([A-Z]+)(\d*)([A-Z]?)$/.exec(outer) ?? [];
  if (area === '' || area.length > 2 || district.length > 2 || (letter && !district)) return [];
  if (outer !== text) return [area, Number(district), letter, within ?? ''];
  if (letter) return [area, Number(district), letter];
  return district ? [area, Number(district)] : [area];
}

function naiveBefore(a: readonly (string | number)[], b: readonly (string | number)[]): boolean {
  const differs = a.findIndex((part, at) => part !== b[at]);
  return differs >= 0 && (a[differs] ?? '') < (b[differs] ?? '');
}

function naivePrice(
  rates: readonly ShippingRate[],
  where: ShippingZone,
  by: ShippingMethod,
  weight: number,
  total: number,
): Cents | undefined {
  let left = rates.filter(
    (each) =>
      each.zoneId === where.id &&
      each.methodId === by.id &&
      naiveLow(each.minWeightGrams) <= weight &&
      weight <= naiveHigh(each.maxWeightGrams) &&
      naiveLow(each.minTotalCents) <= total &&
      total <= naiveHigh(each.maxTotalCents),
  );
  const keepSmallest = (measure: (each: ShippingRate) => number) => {
    const smallest = Math.min(...left.map(measure));
    left = left.filter((each) => measure(each) === smallest);
  };
  keepSmallest((each) => naiveHigh(each.maxWeightGrams) - naiveLow(each.minWeightGrams));
  keepSmallest((each) => naiveHigh(each.maxTotalCents) - naiveLow(each.minTotalCents));
  keepSmallest((each) => -naiveLow(each.minWeightGrams));
  keepSmallest((each) => -naiveLow(each.minTotalCents));
  const startedKilos = Math.trunc(weight / 1000) + (weight % 1000 > 0 ? 1 : 0);
  const prices = left.map((each) => each.baseCents + (each.perKgCents ?? 0) * startedKilos);
  return prices.length === 0 ? undefined : cents(Math.min(...prices));
}

function naivePlain(text: string | null): string {
  return (text ?? '')
    .split(/[\s-]*/)
    .join('')
    .toUpperCase();
}

function naiveLow(limit: number | null): number {
  return limit ?? -Infinity;
}

function naiveHigh(limit: number | null): number {
  return limit ?? Infinity;
}
