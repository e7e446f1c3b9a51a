import { describe, expect, it } from 'vitest';
import { normalisePostcode, postcodeRange, takesPostcode } from '#app/shipping/postcode.ts';
import { normaliseDestination } from '#app/shipping/shipping-rules.ts';

const takes = (country: string, from: string, to: string, postcode: string) =>
  takesPostcode(country, { kind: 'range', from, to }, normalisePostcode(postcode));

describe('a range of postcodes', () => {
  it.each([
    ['GB', 'SW1A', 'SW1Y', 'SW1A 1AA'],
    ['GB', 'SW1A', 'SW1Y', 'sw1v 2lb'],
    ['GB', 'BT1', 'BT9', 'BT1 1AA'],
    ['GB', 'BT1', 'BT9', 'BT9 5AB'],
    ['GB', 'BT1', 'BT17', 'BT10 0AA'],
    ['GB', 'SW1', 'SW3', 'SW1A 1AA'],
    ['GB', 'BA', 'BT', 'BB1 1AA'],
    ['GB', 'bt1', 'BT9', 'BT9'],
    ['GB', 'SW1A 1AA', 'SW1A 2ZZ', 'SW1A 2AA'],
    ['CA', 'K1A', 'K2C', 'K1Z 9Z9'],
    ['CA', 'K1A', 'K2C', 'k2c1a1'],
    ['NL', '1000AA', '1299ZZ', '1012 AB'],
    ['NL', '1000', '1299', '1299 ZZ'],
    ['IE', 'D01', 'D24', 'D02 AF30'],
    ['AU', '0800', '0899', '0832'],
    ['AU', '0800', '0899', '832'],
    ['US', '94102', '94188', '94105'],
    ['US', '94102', '94188', '94105-1234'],
    ['US', '00501', '00544', '501'],
    ['DE', '01067', '01999', '01069'],
    ['DE', '10115', '14199', '12345'],
    ['PT', '1000-001', '1999-999', '1250-096'],
  ])('in %s from %s to %s takes %s', (country, from, to, postcode) => {
    expect(takes(country, from, to, postcode)).toBe(true);
  });

  it.each([
    ['GB', 'SW1A', 'SW1Y', 'SW10 0AA'],
    ['GB', 'SW1A', 'SW1Y', 'SW1 1AA'],
    ['GB', 'BT1', 'BT9', 'BT10 1AA'],
    ['GB', 'BT1', 'BT9', 'BFPO 57'],
    ['GB', 'BT1', 'BT9', 'B1 1AA'],
    ['GB', 'BT1', 'BT17', 'BT18 0AA'],
    ['CA', 'K1A', 'K2C', 'K2D 1A1'],
    ['CA', 'K1A', 'K2C', 'K1'],
    ['NL', '1000AA', '1299ZZ', '1300 AA'],
    ['NL', '1000', '1299', '1300 AA'],
    ['IE', 'D01', 'D24', 'D6W AB12'],
    ['AU', '3000', '3207', '30000'],
    ['US', '94102', '94188', '94199-1234'],
    ['DE', '01067', '01999', '10679'],
    ['AU', '3000', '3207', ''],
  ])('in %s from %s to %s leaves out %s', (country, from, to, postcode) => {
    expect(takes(country, from, to, postcode)).toBe(false);
  });

  it.each([
    ['GB', 'SW1A', 'SW2'],
    ['GB', 'BT9', 'BT1'],
    ['GB', 'BFPO1', 'BFPO9'],
    ['CA', 'K1A', 'K2'],
    ['NL', '1000', '1299ZZ'],
    ['AU', '3207', '3000'],
    ['US', '94105-1000', '94105-9999'],
  ])('is none in %s from %s to %s', (country, from, to) => {
    expect(postcodeRange(country, { from, to })).toBeNull();
  });
});

describe('a letter O for a nought', () => {
  it.each([
    ['GB', 'sw1a oaa', 'SW1A0AA'],
    ['GB', 'OX1 1AA', 'OX11AA'],
    ['CA', 'K1A OB1', 'K1A0B1'],
    ['CA', 'T5O 1A1', 'T5O1A1'],
    ['IE', 'DO2 AF30', 'D02AF30'],
    ['NL', '1O12 OA', '1012OA'],
    ['AU', 'O8OO', '0800'],
    ['US', '941O5-1234', '941051234'],
    ['DE', '１０１１５', '10115'],
  ])('is read as one in %s: %s', (country, typed, meant) => {
    expect(normaliseDestination({ country, state: null, postcode: typed }).postcode).toBe(meant);
  });
});
