import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainShipping } from '#app/shipping/explain-shipping.ts';
import type { PostcodeRule } from '#app/shipping/postcode.ts';
import { quoteShipping } from '#app/shipping/quote-shipping.ts';
import { buildShippingLookup } from '#app/shipping/shipping-lookup.ts';
import type { ShippingLookup } from '#app/shipping/shipping-lookup.ts';
import { shipmentOf } from '#app/shipping/shipping-rules.ts';
import type {
  Destination,
  ShipmentLine,
  ShippingMethod,
  ShippingQuote,
  ShippingRate,
  ShippingRules,
  ShippingZone,
} from '#app/shipping/shipping-rules.ts';
import { cents } from '#core/values/money.ts';
import { naiveQuote } from './naive-quote.ts';

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

const digits = fc.integer({ min: 0, max: 12 }).map(String);
const british = fc.constantFrom(
  'S',
  'SW',
  'SW1',
  'SW2',
  'SW10',
  'SW1A',
  'SW1Y',
  'SW1A1AA',
  'SW10 0AA',
  'BT1',
);
const range = (bound: fc.Arbitrary<string>) =>
  fc.record({ kind: fc.constant('range' as const), from: bound, to: bound });
const postcodeRule: fc.Arbitrary<PostcodeRule> = fc.oneof(
  range(digits),
  range(british),
  range(fc.constantFrom('1000AA', '1001 AA', '1299ZZ', '1000', '1299', 'K1A', 'K2B', '94105', '94106')),
  fc.record({
    kind: fc.constant('prefix' as const),
    prefix: fc.constantFrom('S', 'SW1', 'SW1A', 'sw 1', 'K1A', '1', '10', '0', '941-05'),
  }),
);
const zone: fc.Arbitrary<ShippingZone> = fc.record({
  id: zoneId,
  name: fc.constantFrom('Near', 'Far'),
  country: fc.constantFrom('AU', 'au', 'GB', 'GB', 'GB', 'NL'),
  states: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(state, { maxLength: 2 })),
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
  zones: fc.uniqueArray(zone, { selector: (each) => each.id, minLength: 1, maxLength: 5, size: 'max' }),
  methods: fc.uniqueArray(method, { selector: (each) => each.id, minLength: 1, maxLength: 3, size: 'max' }),
  rates: fc.array(rate, { maxLength: 40, size: 'max' }),
});
const destination: fc.Arbitrary<Destination> = fc.record({
  country: fc.constantFrom('AU', ' au', 'GB', 'gb', 'GB', 'NL', 'FR'),
  state: fc.constantFrom(null, '', 'VIC', 'vic ', 'NSW', 'QLD'),
  postcode: fc.oneof(
    fc.constantFrom('1', '01', '5', '10', '1 2', '13', '', 'SW1', 'sw1a 1aa', 'K1A0B1', 'S', '1A'),
    fc.constantFrom('SW10 0AA', 'SW1 0AA', 'bt1 1aa', '1000 AA', '1299ZZ', '1300AA', '94105-1234', '94107'),
  ),
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

  it('is explained by what it does', () => {
    fc.assert(
      fc.property(rules, destination, lines, (configuration, to, cart) => {
        const quote = engineQuote(configuration, to, cart);
        const told = explainShipping(configuration, to, shipmentOf(cart));
        const offered = told.methods.flatMap(({ method: { id }, priceCents }) =>
          priceCents === null ? [] : [[id, priceCents]],
        );
        const expected =
          quote.kind === 'options'
            ? quote.options.map(({ methodId: id, priceCents }) => [id, priceCents])
            : [];
        if (quote.kind !== 'not_needed') expect(offered.toSorted()).toEqual(expected.toSorted());
        if (quote.kind === 'not_delivered') expect(told.zones.filter(({ matches }) => matches)).toEqual([]);
        for (const { rates } of told.methods)
          expect(rates.filter(({ verdict }) => verdict === 'chosen').length).toBeLessThanOrEqual(1);
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
