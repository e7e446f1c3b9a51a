import { cents, type Cents } from '#core/values/money.ts';

/** A lower price for a time. */
export interface Sale {
  readonly saleCents: Cents;
  readonly from: Date | null;
  /** The first moment at which it is over. */
  readonly until: Date | null;
}

/** What a variant costs at a moment: its price, or that of a sale that is on and lower. */
export function priceAt(
  { priceCents, sale }: { readonly priceCents: Cents; readonly sale: Sale | null },
  now: Date,
): Cents {
  if (!sale || (sale.from && now < sale.from) || (sale.until && now >= sale.until)) return priceCents;
  return cents(Math.min(priceCents, sale.saleCents));
}
