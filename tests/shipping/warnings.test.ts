import { describe, expect, it } from 'vitest';
import type { PostcodeRule } from '#app/shipping/postcode.ts';
import type { ShippingRate } from '#app/shipping/shipping-rules.ts';
import { shippingWarnings } from '#app/shipping/shipping-warnings.ts';
import { cents } from '#core/values/money.ts';
import { rate, rulesOf, zone } from './samples.ts';

const range = (from: string, to: string): PostcodeRule => ({ kind: 'range', from, to });
const prefix = (text: string): PostcodeRule => ({ kind: 'prefix', prefix: text });

function overlap(country: string, one: PostcodeRule[], other: PostcodeRule[]): boolean {
  const zones = [
    zone({ id: 1, name: 'One', country, postcodes: one }),
    zone({ id: 2, name: 'Other', country, postcodes: other }),
  ];
  return shippingWarnings(rulesOf({ zones, rates: [] })).some(({ kind }) => kind === 'zones_overlap');
}

function ofStates(states: string[], others: string[]) {
  const zones = [
    zone({ id: 1, name: 'One', states }),
    zone({ id: 2, name: 'Other', states: others }),
    zone({ id: 3, name: 'Elsewhere', country: 'NZ' }),
  ];
  return shippingWarnings(rulesOf({ zones, rates: [] }));
}

const warningsOf = (...rates: Partial<ShippingRate>[]) =>
  shippingWarnings(rulesOf({ rates: rates.map(rate) }));

describe('two zones are told of', () => {
  it.each([
    ['AU', [range('3000', '3207')], [range('3207', '3999')]],
    ['AU', [range('800', '832')], [range('0800', '0899')]],
    ['AU', [range('3000', '3207')], [prefix('30')]],
    ['AU', [prefix('3')], [prefix('300')]],
    ['AU', [], [range('3000', '3207')]],
    ['GB', [range('BT1', 'BT9')], [range('BT9', 'BT17')]],
    ['GB', [range('SW1A', 'SW1Y')], [prefix('SW1')]],
    ['GB', [range('SW10', 'SW19')], [prefix('SW1')]],
    ['GB', [range('BT1', 'BT9')], [prefix('B')]],
    ['NL', [range('1000AA', '1299ZZ')], [prefix('1012')]],
    ['CA', [range('K1A', 'K2C')], [prefix('K')]],
  ])('in %s that share a postcode: %j and %j', (country, one, other) => {
    expect(overlap(country, one, other)).toBe(true);
    expect(overlap(country, other, one)).toBe(true);
  });

  it.each([
    ['AU', [range('3000', '3207')], [range('3208', '3999')]],
    ['AU', [range('3000', '3207')], [prefix('31'), prefix('29')].slice(1)],
    ['GB', [range('BT1', 'BT9')], [range('BT10', 'BT17')]],
    ['GB', [range('SW1A', 'SW1Y')], [range('SW2', 'SW20')]],
    ['GB', [prefix('SW2')], [prefix('SW3')]],
    ['CA', [range('K1A', 'K2C')], [prefix('L')]],
  ])('not in %s when they share none: %j and %j', (country, one, other) => {
    expect(overlap(country, one, other)).toBe(false);
  });

  it('only where they share a state', () => {
    expect(ofStates(['VIC'], ['nsw', 'vic'])).toEqual([{ kind: 'zones_overlap', zones: ['One', 'Other'] }]);
    expect(ofStates(['VIC'], ['NSW'])).toEqual([]);
    expect(ofStates([], ['NSW'])).toEqual([{ kind: 'zones_overlap', zones: ['One', 'Other'] }]);
    expect(ofStates(['VIC'], [])).toEqual([{ kind: 'zones_overlap', zones: ['One', 'Other'] }]);
  });

  it('at most a hundred times', () => {
    const zones = Array.from({ length: 40 }, (_, id) => zone({ id, name: `Zone ${id}` }));
    expect(shippingWarnings(rulesOf({ zones, rates: [] }))).toHaveLength(100);
  });
});

describe('rates of a method in a zone', () => {
  const all = { from: 0, to: null };

  it('that follow each other leave nothing to say', () => {
    expect(
      warningsOf(
        { minWeightGrams: 0, maxWeightGrams: 500 },
        { minWeightGrams: 501, maxWeightGrams: 2000 },
        { minWeightGrams: 2001 },
      ),
    ).toEqual([]);
  });

  it('that share a weight are told of, with what they share', () => {
    expect(
      warningsOf({ minWeightGrams: 0, maxWeightGrams: 500 }, { minWeightGrams: 500, maxWeightGrams: 900 }),
    ).toMatchObject([{ kind: 'rates_overlap', weight: { from: 500, to: 500 }, total: all }]);
  });

  it('that leave weights between them out are told of, with what is left out', () => {
    expect(warningsOf({ minWeightGrams: 0, maxWeightGrams: 500 }, { minWeightGrams: 600 })).toEqual([
      {
        kind: 'rates_gap',
        zone: 'Australia',
        method: 'Parcel',
        weight: { from: 501, to: 599 },
        total: all,
      },
    ]);
  });

  it('that leave totals out are told of', () => {
    expect(
      warningsOf({ minTotalCents: cents(0), maxTotalCents: cents(4999) }, { minTotalCents: cents(10_000) }),
    ).toMatchObject([{ kind: 'rates_gap', total: { from: 5000, to: 9999 }, weight: all }]);
  });

  it('beside one without bounds, which is for the rest, are fine', () => {
    expect(warningsOf({}, { minTotalCents: cents(10_000) })).toEqual([]);
  });

  it('that differ in total and weight are looked at in both', () => {
    const light = { minWeightGrams: 0, maxWeightGrams: 999 };
    const heavy = { minWeightGrams: 1000 };
    const cheap = { minTotalCents: cents(0), maxTotalCents: cents(4999) };
    const dear = { minTotalCents: cents(5000) };
    expect(
      warningsOf(
        { ...light, ...cheap },
        { ...heavy, ...cheap },
        { ...light, ...dear },
        { ...heavy, ...dear },
      ),
    ).toEqual([]);
    expect(warningsOf({ ...light, ...cheap }, { ...light, ...dear }, { ...heavy, ...dear })).toEqual([]);
    expect(
      warningsOf({ ...light, ...cheap }, { ...light, minTotalCents: cents(6000) }, { ...heavy, ...dear }),
    ).toMatchObject([{ kind: 'rates_gap', weight: { from: 0, to: 999 }, total: { from: 5000, to: 5999 } }]);
  });
});
