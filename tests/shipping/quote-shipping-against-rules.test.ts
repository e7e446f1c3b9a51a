import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteShipping } from '#app/shipping/quote-shipping.ts';
import { buildShippingLookup } from '#app/shipping/shipping-lookup.ts';
import type { ShippingLookup } from '#app/shipping/shipping-lookup.ts';
import { shipmentOf } from '#app/shipping/shipping-rules.ts';
import type {
  Destination,
  PostcodeRule,
  ShipmentLine,
  ShippingMethod,
  ShippingQuote,
  ShippingRate,
  ShippingRules,
  ShippingZone,
} from '#app/shipping/shipping-rules.ts';
import { cents } from '#core/values/money.ts';
import type { Cents } from '#core/values/money.ts';

const AGREEMENT_RUNS = 10_000;
const SHAPE_RUNS = 3000;
const DEADLINE_MS = 60_000;

// Few values each, around the bounds of each other, so that ties and boundaries are the rule.
const amount = fc.constantFrom(0, 1, 2, 3, 5).map(cents);
const amountBound = fc.option(fc.constantFrom(0, 1, 2, 4, 5, 6).map(cents), { freq: 2 });
const grams = fc.constantFrom(0, 1, 999, 1000, 1001, 2000, 2001);
const gramsBound = fc.option(grams, { freq: 2 });
const side = fc.option(fc.constantFrom(1, 100, 170, 200), { freq: 5 });
const state = fc.constantFrom('VIC', 'NSW', ' vic');
const zoneId = fc.integer({ min: 1, max: 5 });
const methodId = fc.integer({ min: 1, max: 3 });

const postcodeRule: fc.Arbitrary<PostcodeRule> = fc.oneof(
  fc.record({
    kind: fc.constant('range' as const),
    from: fc.integer({ min: 0, max: 12 }),
    to: fc.integer({ min: 0, max: 12 }),
  }),
  fc.record({
    kind: fc.constant('prefix' as const),
    prefix: fc.constantFrom('S', 'SW1', 'SW1A', 'sw 1', 'K1A', '1', '10', '0'),
  }),
);
const zone: fc.Arbitrary<ShippingZone> = fc.record({
  id: zoneId,
  name: fc.constantFrom('Near', 'Far'),
  country: fc.constantFrom('AU', 'au', 'GB'),
  states: fc.array(state, { maxLength: 2 }),
  postcodes: fc.array(postcodeRule, { maxLength: 4 }),
});
const method: fc.Arbitrary<ShippingMethod> = fc.record({
  id: methodId,
  label: fc.constantFrom('Post', 'Bike', 'bike'),
  type: fc.constantFrom('flat', 'weight', 'price', 'formula'),
  active: fc.constantFrom(true, true, true, false),
  etaText: fc.constantFrom('today', ''),
});
const rate: fc.Arbitrary<ShippingRate> = fc.record({
  zoneId,
  methodId,
  minWeightGrams: gramsBound,
  maxWeightGrams: gramsBound,
  minTotalCents: amountBound,
  maxTotalCents: amountBound,
  baseCents: amount,
  perKgCents: fc.option(amount, { freq: 2 }),
});
const rules: fc.Arbitrary<ShippingRules> = fc.record({
  zones: fc.uniqueArray(zone, { selector: (each) => each.id, maxLength: 5, size: 'max' }),
  methods: fc.uniqueArray(method, { selector: (each) => each.id, maxLength: 3, size: 'max' }),
  rates: fc.array(rate, { maxLength: 40, size: 'max' }),
});
const destination: fc.Arbitrary<Destination> = fc.record({
  country: fc.constantFrom('AU', 'AU', ' au', 'GB', 'FR'),
  state: fc.constantFrom(null, '', 'VIC', 'vic ', 'NSW', 'QLD'),
  postcode: fc.constantFrom('1', '01', '5', '10', '1 2', '13', '', 'SW1', 'sw1a 1aa', 'K1A0B1', 'S', '1A'),
});
const lines: fc.Arbitrary<ShipmentLine[]> = fc.array(
  fc.record({
    quantity: fc.constantFrom(1, 1, 2, 3),
    unitPriceCents: amount,
    weightGrams: grams,
    lengthMm: side,
    widthMm: side,
    heightMm: side,
    shippable: fc.constantFrom(true, true, false),
  }),
  { maxLength: 3 },
);

describe('the engine, on random rules, destinations and carts,', { timeout: DEADLINE_MS }, () => {
  it('agrees with the rules read one by one', () => {
    const seen = new Map<ShippingQuote['kind'], number>();
    fc.assert(
      fc.property(rules, destination, lines, (...question) => {
        const expected = naiveQuote(...question);
        seen.set(expected.kind, (seen.get(expected.kind) ?? 0) + 1);
        expect(engineQuote(...question)).toEqual(expected);
      }),
      { numRuns: AGREEMENT_RUNS },
    );
    for (const kind of ['options', 'not_needed', 'not_delivered', 'no_rate'] as const) {
      expect(seen.get(kind), `runs that end in ${kind}`).toBeGreaterThan(AGREEMENT_RUNS / 50);
    }
  });

  it('gives the same quote from a lookup that was stored as JSON', () => {
    fc.assert(
      fc.property(rules, destination, lines, (...question) => {
        expect(engineQuote(...question, throughJson)).toEqual(engineQuote(...question));
      }),
      { numRuns: SHAPE_RUNS },
    );
  });

  it('builds the same lookup whatever order the rows come in', () => {
    const shuffled = rules.chain((ordered) =>
      fc.tuple(
        fc.constant(ordered),
        fc.record({
          zones: shuffle(ordered.zones).chain((zones) => fc.tuple(...zones.map(shuffleWithin))),
          methods: shuffle(ordered.methods),
          rates: shuffle(ordered.rates),
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([ordered, other]) => {
        expect(buildShippingLookup(other)).toEqual(buildShippingLookup(ordered));
      }),
      { numRuns: SHAPE_RUNS },
    );
  });

  it('never answers a price below zero or a part of a cent', () => {
    fc.assert(
      fc.property(rules, destination, lines, (...question) => {
        const answer = engineQuote(...question);
        const prices = answer.kind === 'options' ? answer.options.map((option) => option.priceCents) : [];
        expect(prices.filter((price) => !Number.isSafeInteger(price) || price < 0)).toEqual([]);
      }),
      { numRuns: SHAPE_RUNS },
    );
  });
});

function shuffle<Row>(rows: readonly Row[]): fc.Arbitrary<Row[]> {
  return fc.shuffledSubarray([...rows], { minLength: rows.length });
}

function shuffleWithin(each: ShippingZone): fc.Arbitrary<ShippingZone> {
  return fc.record({
    id: fc.constant(each.id),
    name: fc.constant(each.name),
    country: fc.constant(each.country),
    states: shuffle(each.states),
    postcodes: shuffle(each.postcodes),
  });
}

function throughJson(lookup: ShippingLookup): ShippingLookup {
  return JSON.parse(JSON.stringify(lookup));
}

function engineQuote(
  configuration: ShippingRules,
  to: Destination,
  cart: ShipmentLine[],
  store: (lookup: ShippingLookup) => ShippingLookup = (lookup) => lookup,
): ShippingQuote {
  return quoteShipping(store(buildShippingLookup(configuration)), to, shipmentOf(cart));
}

// The rules once more, as slowly and as literally as they can be said, sharing only types with the engine.
function naiveQuote(configuration: ShippingRules, to: Destination, cart: ShipmentLine[]): ShippingQuote {
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
  const digits = postcode !== '' && [...postcode].every((letter) => '0123456789'.includes(letter));
  return (
    naivePlain(where.country) === naivePlain(to.country) &&
    (where.states.length === 0 || where.states.some((each) => naivePlain(each) === naivePlain(to.state))) &&
    (where.postcodes.length === 0 ||
      where.postcodes.some((rule) =>
        rule.kind === 'prefix'
          ? postcode.startsWith(naivePlain(rule.prefix))
          : digits && rule.from <= Number.parseInt(postcode, 10) && Number.parseInt(postcode, 10) <= rule.to,
      ))
  );
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
  return (text ?? '').split(/\s*/).join('').toUpperCase();
}

function naiveLow(limit: number | null): number {
  return limit ?? -Infinity;
}

function naiveHigh(limit: number | null): number {
  return limit ?? Infinity;
}
