import { addCents, cents, type Cents } from '#core/values/money.ts';
import { allocate } from '#core/values/shares.ts';
import { discountOnItems, type Benefit } from '../promotions/benefit.ts';
import { rateOf, ratesAt, taxesOn, type Tax, type TaxPlace, type TaxRate } from '../taxes/tax-rules.ts';

/** The class whose rates shipping is taxed at, where they say that they tax shipping. */
const SHIPPING_CLASS = 'standard';

/** A line at its price, before discounts. */
export interface SummedLine {
  readonly totalCents: Cents;
  readonly taxClass: string;
  /** Tells lines of one price apart, so that the order in which they come does not decide who gets the last cent. */
  readonly key: number;
}

export interface CartToSum {
  readonly lines: readonly SummedLine[];
  readonly shippingCents: Cents;
  /** Of a promotion code. */
  readonly benefit: Benefit | null;
  /** Of loyalty points, taken off what the code leaves. */
  readonly reward: Benefit | null;
  readonly rates: readonly TaxRate[];
  readonly place: TaxPlace;
  readonly pricesIncludeTax: boolean;
}

/** What a line or the shipping gives off, and the taxes on (or within) what is left. */
export interface Share {
  readonly discountCents: Cents;
  readonly taxCents: Cents;
  readonly taxRateMillipercent: number;
  readonly taxes: readonly Tax[];
}

export interface CartSum {
  /** In the order of the lines. */
  readonly lines: readonly Share[];
  readonly shipping: Share;
  /** By name and rate, as a receipt lists them. */
  readonly taxes: readonly Tax[];
  readonly itemsCents: Cents;
  readonly shippingCents: Cents;
  readonly promotionCents: Cents;
  readonly rewardCents: Cents;
  readonly discountCents: Cents;
  /** Added to the prices; 0 where they include it. */
  readonly taxCents: Cents;
  /** Within the prices; 0 where it is added. */
  readonly taxIncludedCents: Cents;
  /** items + shipping − discount + tax. */
  readonly totalCents: Cents;
}

/**
 * Sums a cart: the code's discount, then the reward on what is left, each shared by the lines in proportion to their prices to the last
 * cent; then the tax of each line and of the shipping, rounded half up by itself, so that a refund of a line gives back exactly its tax.
 */
export function sumCart(cart: CartToSum): CartSum {
  const { lines, shippingCents, benefit, reward } = cart;
  const itemsCents = addCents(...lines.map(({ totalCents }) => totalCents));
  const offItems = discountOnItems(benefit, itemsCents);
  const offShipping = benefit?.kind === 'free_shipping' ? shippingCents : cents(0);
  const rewardCents = discountOnItems(reward, cents(itemsCents - offItems));
  const discounts = shared(addCents(offItems, rewardCents), lines);
  const shares = lines.map(({ totalCents, taxClass }, at) =>
    shareOf(totalCents, discounts[at] ?? cents(0), ratesAt(cart.rates, cart.place, taxClass), cart),
  );
  const shipping = shareOf(shippingCents, offShipping, shippingRates(cart), cart);
  const tax = addCents(...[...shares, shipping].map(({ taxCents }) => taxCents));
  const [taxCents, taxIncludedCents] = cart.pricesIncludeTax ? [cents(0), tax] : [tax, cents(0)];
  const promotionCents = addCents(offItems, offShipping);
  const discountCents = addCents(promotionCents, rewardCents);
  return {
    lines: shares,
    shipping,
    taxes: byNameAndRate([...shares, shipping].flatMap(({ taxes }) => taxes)),
    itemsCents,
    shippingCents,
    promotionCents,
    rewardCents,
    discountCents,
    taxCents,
    taxIncludedCents,
    totalCents: cents(itemsCents + shippingCents - discountCents + taxCents),
  };
}

/** The discount by line. Lines are put in an order of their own first: the same goods cost the same in whatever order they come. */
function shared(discount: Cents, lines: readonly SummedLine[]): Cents[] {
  const ordered = [...lines.entries()].toSorted(
    ([, a], [, b]) => b.totalCents - a.totalCents || a.key - b.key,
  );
  const parts = allocate(
    discount,
    ordered.map(([, { totalCents }]) => totalCents),
  );
  const byPlace = new Map(ordered.map(([at], nth) => [at, parts[nth] ?? cents(0)]));
  return lines.map((_, at) => byPlace.get(at) ?? cents(0));
}

function shareOf(
  priceCents: Cents,
  discountCents: Cents,
  rates: readonly TaxRate[],
  { pricesIncludeTax }: CartToSum,
): Share {
  const taxes = taxesOn(cents(priceCents - discountCents), rates, pricesIncludeTax);
  return {
    discountCents,
    taxCents: addCents(...taxes.map(({ taxCents }) => taxCents)),
    taxRateMillipercent: rateOf(rates),
    taxes,
  };
}

function shippingRates({ rates, place, shippingCents }: CartToSum): readonly TaxRate[] {
  if (shippingCents === 0) return [];
  return ratesAt(rates, place, SHIPPING_CLASS).filter(({ taxesShipping }) => taxesShipping);
}

function byNameAndRate(taxes: readonly Tax[]): Tax[] {
  const groups = Map.groupBy(taxes, ({ name, rateMillipercent }) => `${rateMillipercent} ${name}`);
  return [...groups.values()]
    .flatMap(([first, ...rest]) => (first ? [rest.reduce(together, first)] : []))
    .toSorted((a, b) => b.rateMillipercent - a.rateMillipercent || (a.name < b.name ? -1 : 1));
}

function together(sum: Tax, { netCents, taxCents }: Tax): Tax {
  return {
    ...sum,
    netCents: addCents(sum.netCents, netCents),
    taxCents: addCents(sum.taxCents, taxCents),
  };
}
