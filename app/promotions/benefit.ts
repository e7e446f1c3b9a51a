import { cents, type Cents } from '#core/values/money.ts';
import { portion } from '#core/values/shares.ts';

/** What a code or a reward takes off. */
export type Benefit =
  | { readonly kind: 'percentage'; readonly percent: number }
  | { readonly kind: 'fixed'; readonly amountCents: Cents }
  | { readonly kind: 'free_shipping' };

/** What a benefit takes off goods of this price, never more than it. */
export function discountOnItems(benefit: Benefit | null, itemsCents: Cents): Cents {
  if (benefit?.kind === 'percentage') return portion(itemsCents, benefit.percent, 100);
  if (benefit?.kind === 'fixed') return cents(Math.min(benefit.amountCents, itemsCents));
  return cents(0);
}
