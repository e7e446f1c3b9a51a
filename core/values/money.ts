import type { Brand } from './brand.ts';
import { DomainError } from './domain-error.ts';

/** An amount in the minor unit of a currency (cents, pence, yen): always a safe integer. */
export type Cents = Brand<number, 'Cents'>;

/** The largest amount that any price, total or delta may have, in minor units: ten million dollars. */
export const AMOUNT_MAX_CENTS = 1_000_000_000;

/** Brands an integer as an amount. Throws `RangeError` for fractions, AMOUNT_TOO_LARGE beyond `AMOUNT_MAX_CENTS`. */
export function cents(value: number): Cents {
  if (!Number.isInteger(value)) throw new RangeError(`expected whole cents, received ${value}`);
  if (Math.abs(value) > AMOUNT_MAX_CENTS)
    throw new DomainError(
      'AMOUNT_TOO_LARGE',
      `Expected an amount of up to ${AMOUNT_MAX_CENTS} minor units, received ${value}.`,
    );
  return value as Cents;
}

/** Adds amounts of one currency. */
export function addCents(...amounts: readonly Cents[]): Cents {
  return cents(amounts.reduce((sum, amount) => sum + amount, 0));
}

/** Multiplies an amount by a whole quantity. */
export function timesCents(amount: Cents, quantity: number): Cents {
  return cents(amount * quantity);
}
