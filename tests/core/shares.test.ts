import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AMOUNT_MAX_CENTS, cents } from '#core/values/money.ts';
import { allocate, portion } from '#core/values/shares.ts';

describe('a portion of an amount', () => {
  it.each([
    [100, 1, 11, 9],
    [105, 1, 2, 53],
    [104, 1, 2, 52],
    [1, 1, 3, 0],
    [AMOUNT_MAX_CENTS, 9975, 100_000, 99_750_000],
  ])('of %d, %d parts of %d, is %d: half a cent goes up', (amount, part, whole, expected) => {
    expect(portion(cents(amount), part, whole)).toBe(expected);
  });
});

describe('an allocated amount', () => {
  it('gives the odd cents to the largest remainders, then to the larger weight, then to the earlier', () => {
    expect(allocate(cents(100), [1, 1, 1])).toEqual([34, 33, 33]);
    expect(allocate(cents(10), [999, 1, 500])).toEqual([7, 0, 3]);
    expect(allocate(cents(1), [1, 3, 3])).toEqual([0, 1, 0]);
  });

  it('needs a weight to carry it', () => {
    expect(allocate(cents(0), [0, 0])).toEqual([0, 0]);
    expect(() => allocate(cents(1), [0, 0])).toThrow(/expected a weight/);
  });

  it('adds up, is never negative, and never more than its weight when it is not more than all of them', () => {
    const weights = fc.array(fc.nat(5_000_000), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (each, part) => {
        const sum = each.reduce((total, weight) => total + weight, 0);
        const amount = Math.floor(sum * part);
        const shares = allocate(cents(amount), each);
        expect(shares.reduce((total, share) => total + share, 0)).toBe(amount);
        for (const [at, share] of shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(each[at] ?? 0);
        }
      }),
    );
  });
});
