import { describe, expect, it } from 'vitest';
import { shipmentOf } from '#app/shipping/shipping-rules.ts';
import type { PostcodeRule } from '#app/shipping/postcode.ts';
import { AMOUNT_MAX_CENTS, cents } from '#core/values/money.ts';
import { kindOf, line, method, pricesOf, quote, rate, rulesOf, zone } from './samples.ts';

const MELBOURNE: PostcodeRule = { kind: 'range', from: '3000', to: '3207' };

describe('zones', () => {
  it('cover the whole country when they name neither states nor postcodes', () => {
    const rules = rulesOf({ zones: [zone({ country: 'IE' })] });
    expect(kindOf(rules, { country: 'IE', postcode: 'D02 AF30' })).toBe('options');
    expect(kindOf(rules, { country: 'IE', postcode: '' })).toBe('options');
    expect(kindOf(rules, { country: 'NL', postcode: '1012 AB' })).toBe('not_delivered');
  });

  it.each(['3000', '3121', '3207', ' 3207 ', '30 00', '03000'])('take %j into 3000–3207', (postcode) => {
    expect(kindOf(rulesOf({ zones: [zone({ postcodes: [MELBOURNE] })] }), { postcode })).toBe('options');
  });

  it.each(['2999', '3208', '300', '30000', '3000A', '3000-1', '3E3', '', '٣٠٠٠'])(
    'keep %j out of 3000–3207',
    (postcode) => {
      expect(kindOf(rulesOf({ zones: [zone({ postcodes: [MELBOURNE] })] }), { postcode })).toBe(
        'not_delivered',
      );
    },
  );

  it('read a postcode with a leading zero as its number', () => {
    const rules = rulesOf({ zones: [zone({ postcodes: [{ kind: 'range', from: '800', to: '832' }] })] });
    expect(kindOf(rules, { postcode: '0800' })).toBe('options');
  });

  it.each([
    ['GB', 'SW1', 'sw1a 1aa', 'options'],
    ['GB', 'sw 1', 'SW1V2LB', 'options'],
    ['GB', 'SW1', 'SW2 1AA', 'not_delivered'],
    ['GB', 'SW1', 'SW', 'not_delivered'],
    ['CA', 'K1A', 'K1A 0B1', 'options'],
    ['CA', 'K1A', 'K1B 0B1', 'not_delivered'],
    ['NL', '1012', '1012 ab', 'options'],
    ['NL', '1012', '1013 AB', 'not_delivered'],
    ['IE', 'D02', 'd02 af30', 'options'],
    ['AU', '30', '3000', 'options'],
  ])('in %s with prefix %j answer %j with %s', (country, prefix, postcode, kind) => {
    const rules = rulesOf({ zones: [zone({ country, postcodes: [{ kind: 'prefix', prefix }] })] });
    expect(kindOf(rules, { country, postcode })).toBe(kind);
  });

  it('take a postcode that any one of their rules takes', () => {
    const postcodes: PostcodeRule[] = [MELBOURNE, { kind: 'range', from: '1', to: '9999' }];
    const rules = rulesOf({
      zones: [zone({ postcodes: [...postcodes, { kind: 'prefix', prefix: 'BFPO' }] })],
    });
    expect(kindOf(rules, { postcode: '5' })).toBe('options');
    expect(kindOf(rules, { postcode: '9000' })).toBe('options');
    expect(kindOf(rules, { postcode: 'bfpo 57' })).toBe('options');
    expect(kindOf(rules, { postcode: '10000' })).toBe('not_delivered');
  });

  it.each([
    ['CA', 'options'],
    [' ny ', 'options'],
    ['TX', 'not_delivered'],
    ['', 'not_delivered'],
    [null, 'not_delivered'],
  ])('of California and New York answer state %j with %s', (state, kind) => {
    const rules = rulesOf({ zones: [zone({ country: 'us', states: ['ca', 'NY'] })] });
    expect(kindOf(rules, { country: 'US', state, postcode: '94105' })).toBe(kind);
  });

  it('that name states and postcodes ask for both', () => {
    const rules = rulesOf({ zones: [zone({ states: ['VIC'], postcodes: [MELBOURNE] })] });
    expect(kindOf(rules, { state: 'VIC', postcode: '3000' })).toBe('options');
    expect(kindOf(rules, { state: 'NSW', postcode: '3000' })).toBe('not_delivered');
    expect(kindOf(rules, { state: 'VIC', postcode: '3500' })).toBe('not_delivered');
  });

  it('are not found under names that every object inherits', () => {
    const rules = rulesOf({ zones: [zone({ postcodes: [{ kind: 'prefix', prefix: 'A' }] })] });
    expect(kindOf(rules, { country: 'constructor' })).toBe('not_delivered');
    expect(kindOf(rules, { country: '__proto__' })).toBe('not_delivered');
    expect(kindOf(rules, { state: '__proto__', postcode: 'toString' })).toBe('not_delivered');
  });
});

describe('rates', () => {
  it('match at both of their bounds and not beyond', () => {
    const bounds = {
      minWeightGrams: 500,
      maxWeightGrams: 1000,
      minTotalCents: cents(10),
      maxTotalCents: cents(20),
    };
    const rules = rulesOf({ rates: [rate(bounds)] });
    expect(pricesOf(rules, { weightGrams: 500, totalCents: cents(10) })).toEqual([1000]);
    expect(pricesOf(rules, { weightGrams: 1000, totalCents: cents(20) })).toEqual([1000]);
    for (const weightGrams of [499, 1001]) {
      expect(quote(rules, { weightGrams, totalCents: cents(10) })).toEqual({ kind: 'no_rate' });
    }
    for (const totalCents of [cents(9), cents(21)]) {
      expect(quote(rules, { weightGrams: 500, totalCents })).toEqual({ kind: 'no_rate' });
    }
  });

  it.each([
    [
      'the narrower weight range',
      { minWeightGrams: 0, maxWeightGrams: 1000 },
      { minWeightGrams: 0, maxWeightGrams: 5000 },
    ],
    [
      'a closed weight range before one that is open below',
      { minWeightGrams: 0, maxWeightGrams: 9000 },
      { maxWeightGrams: 500 },
    ],
    [
      'the narrower weight range before the narrower total range',
      { minWeightGrams: 0, maxWeightGrams: 1000 },
      { minTotalCents: cents(0), maxTotalCents: cents(5000) },
    ],
    [
      'the narrower total range of equal weight ranges',
      { minTotalCents: cents(0), maxTotalCents: cents(5000) },
      { minTotalCents: cents(0), maxTotalCents: cents(9000) },
    ],
    ['the higher minimum weight of equal widths', { minWeightGrams: 400 }, { minWeightGrams: 100 }],
    [
      'the higher minimum total of equal widths',
      { minTotalCents: cents(2000) },
      { minTotalCents: cents(1000) },
    ],
    ['the minimum weight before the minimum total', { minWeightGrams: 1 }, { minTotalCents: cents(4000) }],
    ['a minimum before none', { minTotalCents: cents(0) }, {}],
  ])('prefer %s, although it costs more', (_rule, specific, general) => {
    const rates = [rate({ ...general, baseCents: cents(100) }), rate({ ...specific, baseCents: cents(900) })];
    expect(pricesOf(rulesOf({ rates }))).toEqual([900]);
    expect(pricesOf(rulesOf({ rates: rates.toReversed() }))).toEqual([900]);
  });

  it('that are equally specific leave the choice to the price of this shipment', () => {
    const base = rate({ baseCents: cents(900) });
    const byWeight = rate({ baseCents: cents(100), perKgCents: cents(300) });
    const rules = rulesOf({ rates: [base, byWeight] });
    expect(pricesOf(rules, { weightGrams: 2000 })).toEqual([700]);
    expect(pricesOf(rules, { weightGrams: 3000 })).toEqual([900]);
  });

  it('that are most specific but do not match leave room for a wider one', () => {
    const rates = [rate({ minWeightGrams: 0, maxWeightGrams: 499, baseCents: cents(100) }), rate({})];
    expect(pricesOf(rulesOf({ rates }), { weightGrams: 500 })).toEqual([1000]);
  });

  it.each([
    [0, 500],
    [1, 700],
    [1000, 700],
    [1001, 900],
    [2500, 1100],
  ])('charge %d g by the started kilogram: %d', (weightGrams, price) => {
    const rules = rulesOf({ rates: [rate({ baseCents: cents(500), perKgCents: cents(200) })] });
    expect(pricesOf(rules, { weightGrams })).toEqual([price]);
  });

  it('beyond the largest amount fail instead of charging something else', () => {
    const rules = rulesOf({ rates: [rate({ baseCents: cents(AMOUNT_MAX_CENTS), perKgCents: cents(1) })] });
    expect(() => quote(rules)).toThrow(expect.objectContaining({ code: 'AMOUNT_TOO_LARGE' }));
  });
});

describe('methods', () => {
  it('take the cheapest of the zones that match, and say which', () => {
    const zones = [
      zone({ id: 1, name: 'Australia' }),
      zone({ id: 2, name: 'Melbourne', postcodes: [MELBOURNE] }),
    ];
    const rates = [rate({ zoneId: 1, baseCents: cents(900) }), rate({ zoneId: 2, baseCents: cents(600) })];
    expect(quote(rulesOf({ zones, rates }))).toEqual({
      kind: 'options',
      options: [
        { methodId: 1, label: 'Parcel', priceCents: 600, etaText: '2–4 days', meta: { zone: 'Melbourne' } },
      ],
    });
  });

  it('take the first of zones that cost the same', () => {
    const zones = [zone({ id: 2, name: 'Second' }), zone({ id: 1, name: 'First' })];
    const rates = [rate({ zoneId: 2 }), rate({ zoneId: 1 })];
    expect(quote(rulesOf({ zones, rates }))).toMatchObject({ options: [{ meta: { zone: 'First' } }] });
  });

  it('that are not active are not offered', () => {
    expect(quote(rulesOf({ methods: [method({ active: false })] }))).toEqual({ kind: 'no_rate' });
  });

  it('without a matching rate are left out', () => {
    const rules = rulesOf({ methods: [method({ id: 1 }), method({ id: 2, label: 'Express' })] });
    expect(quote(rules)).toMatchObject({ options: [{ methodId: 1 }] });
  });

  it('come sorted by price, then label, then id', () => {
    const methods = [
      method({ id: 4, label: 'B' }),
      method({ id: 3, label: 'B' }),
      method({ id: 2, label: 'A' }),
      method({ id: 1, label: 'C' }),
    ];
    const rates = [4, 3, 2].map((methodId) => rate({ methodId, baseCents: cents(700) }));
    const found = quote(
      rulesOf({ methods, rates: [...rates, rate({ methodId: 1, baseCents: cents(699) })] }),
    );
    expect(found).toMatchObject({ options: [1, 2, 3, 4].map((methodId) => ({ methodId })) });
  });

  it.each(['flat', 'weight', 'price'] as const)('of type %s keep to the weight of the scales', (type) => {
    const rules = rulesOf({ methods: [method({ type })], rates: [rate({ perKgCents: cents(100) })] });
    expect(pricesOf(rules, { weightGrams: 900, volumetricGrams: 4200 })).toEqual([1100]);
  });

  it.each([
    [900, 4200, 1500],
    [6100, 4200, 1700],
    [4200, 4200, 1500],
  ])(
    'of type formula bill %d g in the volume of %d g as the greater: %d',
    (weightGrams, volumetricGrams, price) => {
      const rules = rulesOf({
        methods: [method({ type: 'formula' })],
        rates: [rate({ perKgCents: cents(100) })],
      });
      expect(pricesOf(rules, { weightGrams, volumetricGrams })).toEqual([price]);
    },
  );

  it('of type formula choose the rate by the greater weight too', () => {
    const light = rate({ minWeightGrams: 0, maxWeightGrams: 1000, baseCents: cents(100) });
    const heavy = rate({ minWeightGrams: 1001, maxWeightGrams: 9000, baseCents: cents(800) });
    const rules = rulesOf({ methods: [method({ type: 'formula' })], rates: [light, heavy] });
    expect(pricesOf(rules, { weightGrams: 900, volumetricGrams: 4200 })).toEqual([800]);
  });
});

describe('shipments', () => {
  it('of nothing that is shipped need no shipping, wherever they would go', () => {
    const shipment = shipmentOf([line({ shippable: false })]);
    expect(quote(rulesOf({}), shipment, { country: 'FR' })).toEqual({ kind: 'not_needed' });
    expect(quote(rulesOf({}), shipmentOf([]))).toEqual({ kind: 'not_needed' });
  });

  it('to where no zone reaches are not delivered, even when a rate would fit', () => {
    expect(quote(rulesOf({}), {}, { country: 'NZ' })).toEqual({ kind: 'not_delivered' });
  });

  it('within a zone that has no rate have no rate', () => {
    expect(quote(rulesOf({ rates: [] }))).toEqual({ kind: 'no_rate' });
  });
});
