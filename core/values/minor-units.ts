import { AMOUNT_MAX_CENTS, cents, type Cents } from './money.ts';

/** How many decimals amounts of a currency have: 2 for AUD, 0 for JPY, 3 for KWD. Throws `RangeError` for what is no currency code. */
export function decimalsOf(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return maximumFractionDigits ?? 0;
}

/** Writes an amount that is not negative as a plain decimal, which `minorUnits` reads back: `amountText(1250, 2)` is `12.50`. */
export function amountText(amount: number, decimals: number): string {
  if (decimals === 0) return String(amount);
  const digits = String(amount).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * Reads a decimal amount such as `12.5` exactly, in minor units: `minorUnits('12.5', 2)` is 1250. Digit by digit, because 1.15 * 100 is
 * not 115. Null when the text is another, negative, finer than the currency or beyond `AMOUNT_MAX_CENTS`.
 */
export function minorUnits(text: string, decimals: number): Cents | null {
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) return null;
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  if (/[1-9]/.test(fraction.slice(decimals))) return null;
  const amount = Number(whole + kept);
  return amount > AMOUNT_MAX_CENTS ? null : cents(amount);
}
