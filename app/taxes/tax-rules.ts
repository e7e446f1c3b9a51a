import { allocate, portion } from '#core/values/shares.ts';
import { cents, type Cents } from '#core/values/money.ts';

/** Thousandths of a percent in the whole. */
export const WHOLE_MILLIPERCENT = 100_000;

/** A store's rate for a class of goods in a country, or in one of its states. */
export interface TaxRate {
  readonly country: string;
  readonly state: string | null;
  readonly taxClass: string;
  /** As the receipt calls it: GST, MwSt. */
  readonly name: string;
  /** 10 % is 10 000. */
  readonly rateMillipercent: number;
  readonly taxesShipping: boolean;
}

/** Where something is supplied: country and state in upper case. */
export interface TaxPlace {
  readonly country: string;
  readonly state: string | null;
}

/** A rate's share of an amount. */
export interface Tax {
  readonly name: string;
  readonly rateMillipercent: number;
  /** The amount without any tax. */
  readonly netCents: Cents;
  readonly taxCents: Cents;
}

/** The rates of a place for a class: those of the state where it has any, else the country's. They add up. */
export function ratesAt(rates: readonly TaxRate[], place: TaxPlace, taxClass: string): readonly TaxRate[] {
  const ofClass = rates.filter((rate) => rate.country === place.country && rate.taxClass === taxClass);
  const ofState = ofClass.filter(({ state }) => state !== null && state === place.state);
  return ofState.length > 0 ? ofState : ofClass.filter(({ state }) => state === null);
}

/** The taxes on an amount (not negative), or within it when prices include them. Rounded half up, each amount by itself. */
export function taxesOn(amount: Cents, rates: readonly TaxRate[], included: boolean): Tax[] {
  return included ? taxesWithin(amount, rates) : rates.map((rate) => taxOnTop(amount, rate));
}

/** The rates of a place together. */
export function rateOf(rates: readonly TaxRate[]): number {
  return rates.reduce((sum, { rateMillipercent }) => sum + rateMillipercent, 0);
}

function taxOnTop(amount: Cents, { name, rateMillipercent }: TaxRate): Tax {
  const taxCents = portion(amount, rateMillipercent, WHOLE_MILLIPERCENT);
  return { name, rateMillipercent, netCents: amount, taxCents };
}

function taxesWithin(amount: Cents, rates: readonly TaxRate[]): Tax[] {
  const whole = rateOf(rates);
  const tax = portion(amount, whole, WHOLE_MILLIPERCENT + whole);
  const shares = allocate(
    tax,
    rates.map(({ rateMillipercent }) => rateMillipercent),
  );
  return rates.map(({ name, rateMillipercent }, at) => ({
    name,
    rateMillipercent,
    netCents: cents(amount - tax),
    taxCents: shares[at] ?? cents(0),
  }));
}
