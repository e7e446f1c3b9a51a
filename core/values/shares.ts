import { cents, type Cents } from './money.ts';

/** `amount × part ÷ whole` for an amount that is not negative, half a minor unit rounded up. Exact: no step of it is a fraction. */
export function portion(amount: Cents, part: number, whole: number): Cents {
  const [numerator, denominator] = [BigInt(amount) * BigInt(part), BigInt(whole)];
  return cents(Number((2n * numerator + denominator) / (2n * denominator)));
}

/**
 * Splits an amount in proportion to weights (whole numbers, none negative) so that the shares add up to it: each gets the whole units of
 * its share, and those with the largest remainders one more; of equal remainders the larger weight, then the earlier. No share is larger
 * than its weight when the amount is not larger than their sum. Throws `RangeError` for an amount without a weight to carry it.
 */
export function allocate(amount: Cents, weights: readonly number[]): Cents[] {
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  if (sum === 0n) {
    if (amount !== 0) throw new RangeError(`expected a weight for ${amount}, received none`);
    return weights.map(() => cents(0));
  }
  const shares = weights.map((weight, at) => ({
    at,
    weight,
    whole: (BigInt(amount) * BigInt(weight)) / sum,
    rest: (BigInt(amount) * BigInt(weight)) % sum,
  }));
  const left = amount - Number(shares.reduce((total, { whole }) => total + whole, 0n));
  const first = shares.toSorted((a, b) => compare(b.rest, a.rest) || b.weight - a.weight || a.at - b.at);
  const favoured = new Set(first.slice(0, left).map(({ at }) => at));
  return shares.map(({ at, whole }) => cents(Number(whole) + (favoured.has(at) ? 1 : 0)));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
