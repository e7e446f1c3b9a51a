import { normaliseRegion, type Destination } from '../shipping/shipping-rules.ts';
import type { TaxPlace } from '../taxes/tax-rules.ts';

/** A place as tax rates name it. */
export function taxPlace({
  country,
  state,
}: Pick<Destination, 'country'> & { state?: string | null }): TaxPlace {
  return { country: normaliseRegion(country), state: normaliseRegion(state ?? '') || null };
}
