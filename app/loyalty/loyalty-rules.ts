import type { Cents } from '#core/values/money.ts';

/** The most points that a customer can have, and that one order can earn: two such balances still make one when records are merged. */
export const POINTS_MAX = 1_000_000_000;

/** What a merchant gives for loyalty. */
export interface Programme {
  readonly pointsPerCurrencyUnit: number;
  /** Points that one reward takes. */
  readonly threshold: number;
  readonly reward:
    | { readonly kind: 'fixed'; readonly amountCents: Cents }
    | { readonly kind: 'percentage'; readonly percent: number };
  readonly active: boolean;
}

/** Points for goods of this price, for each whole unit of the currency, which has `decimals` (2 for AUD). */
export function pointsEarned(
  itemsCents: number,
  decimals: number,
  { pointsPerCurrencyUnit }: Programme,
): number {
  return Math.min(POINTS_MAX, Math.floor(itemsCents / 10 ** decimals) * pointsPerCurrencyUnit);
}

/** What remains of earned points when a part of the order's total is given back: its share, rounded down. */
export function pointsKept(
  earned: number,
  { refundedCents, totalCents }: { readonly refundedCents: number; readonly totalCents: number },
): number {
  if (totalCents === 0) return earned;
  const kept = BigInt(Math.max(0, totalCents - refundedCents));
  return Number((BigInt(earned) * kept) / BigInt(totalCents));
}
