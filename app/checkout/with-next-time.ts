import { DomainError } from '#core/values/domain-error.ts';
import type { Checkout } from './checkout-schemas.ts';

/** Someone else may take the last place of each of them right before us. */
const ATTEMPTS_MAX = 5;

/** Places an order; one for as soon as possible, whose time another has just taken, once more for the next. */
export async function withNextTime<Placed>(
  { pickup_time: wanted }: Checkout,
  place: () => Promise<Placed>,
): Promise<Placed> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await place();
    } catch (error) {
      const isTaken = error instanceof DomainError && error.code === 'SLOT_TAKEN';
      if (wanted || !isTaken || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
