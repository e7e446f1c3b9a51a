import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalsOf, minorUnits } from '#core/values/minor-units.ts';
import { AMOUNT_MAX_CENTS } from '#core/values/money.ts';

describe('an amount in text', () => {
  it('is read exactly, also where binary fractions are not exact', () => {
    expect(['1.15', '0.29', '4.35', '1.005'].map((text) => minorUnits(text, 2))).toEqual([
      115,
      29,
      435,
      null,
    ]);
  });

  it('comes back as it was written, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: AMOUNT_MAX_CENTS }),
        fc.constantFrom(0, 2, 3),
        (amount, decimals) => {
          const digits = String(amount).padStart(decimals + 1, '0');
          const at = digits.length - decimals;
          const text = decimals === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`;
          expect(minorUnits(text, decimals)).toBe(amount);
        },
      ),
    );
  });

  it('may have fewer decimals than its currency, and zeros beyond them', () => {
    expect([
      minorUnits('36', 2),
      minorUnits('36.5', 2),
      minorUnits('36.500', 2),
      minorUnits('1200.00', 0),
    ]).toEqual([3600, 3650, 3650, 1200]);
  });

  it.each([
    '',
    '-1',
    '+1',
    '1,200.00',
    '1.',
    '.5',
    '1e3',
    '12.345',
    ' 1',
    '0x10',
    'NaN',
    '10000000.01',
    '9'.repeat(40),
  ])('is refused when it is "%s"', (text) => {
    expect(minorUnits(text, 2)).toBeNull();
  });
});

describe('a currency', () => {
  it('has the decimals that it has', () => {
    expect(['AUD', 'JPY', 'KWD'].map(decimalsOf)).toEqual([2, 0, 3]);
    expect(() => decimalsOf('dollars')).toThrow(RangeError);
  });
});
