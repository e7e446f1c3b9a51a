import { describe, expect, it } from 'vitest';
import { normaliseDestination, shipmentOf } from '#app/shipping/shipping-rules.ts';
import { cents } from '#core/values/money.ts';
import { line } from './samples.ts';

describe('destinations', () => {
  it('are read in upper case, postcodes without spaces, a blank state as none', () => {
    const read = normaliseDestination({ country: ' gb', state: ' ', postcode: ' sw1a\t1aa ' });
    expect(read).toEqual({ country: 'GB', state: null, postcode: 'SW1A1AA' });
    expect(normaliseDestination({ country: 'US', state: ' ca ', postcode: '94105' }).state).toBe('CA');
  });

  it.each([
    ['UK', null, 'GB', null],
    ['CA', 'Québec', 'CA', 'QC'],
    ['ca', 'british  columbia', 'CA', 'BC'],
    ['US', 'California', 'US', 'CA'],
    ['AU', 'New South Wales', 'AU', 'NSW'],
    ['US', 'Caliphornia', 'US', 'CALIPHORNIA'],
    ['IT', 'Milano', 'IT', 'MILANO'],
  ])('are known by code, also when %s, %s is written', (country, state, code, stateCode) => {
    expect(normaliseDestination({ country, state, postcode: '1' })).toEqual({
      country: code,
      state: stateCode,
      postcode: '1',
    });
  });
});

describe('shipments', () => {
  it('count quantities, and no line that is not shipped', () => {
    const lines = [
      line({ quantity: 3, weightGrams: 250, unitPriceCents: cents(1200) }),
      line({ weightGrams: 100, unitPriceCents: cents(500) }),
      line({
        weightGrams: 9000,
        unitPriceCents: cents(9900),
        lengthMm: 1000,
        widthMm: 1000,
        heightMm: 1000,
        shippable: false,
      }),
    ];
    expect(shipmentOf(lines)).toEqual({
      weightGrams: 850,
      volumetricGrams: 0,
      totalCents: 4100,
      shippable: true,
    });
  });

  it('weigh a kilogram for every 5000 cm³, rounded up to the gram once for all lines', () => {
    const box = { lengthMm: 300, widthMm: 200, heightMm: 150 };
    expect(shipmentOf([line(box)]).volumetricGrams).toBe(1800);
    const chip = { lengthMm: 10, widthMm: 10, heightMm: 10 };
    expect(shipmentOf([line({ ...chip, quantity: 6 })]).volumetricGrams).toBe(2);
    expect(shipmentOf([line(chip), line({ ...chip, quantity: 5 })]).volumetricGrams).toBe(2);
  });

  it('have no volume where a side is not known', () => {
    expect(shipmentOf([line({ lengthMm: 300, widthMm: 200 })]).volumetricGrams).toBe(0);
  });
});
