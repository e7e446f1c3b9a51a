import { countryCode, isStateOf, stateCode, statesOf } from '#core/values/regions.ts';
import { refusal } from '../errors.ts';
import type { Destination } from '../shipping/shipping-rules.ts';
import type { TaxPlace, TaxRate } from '../taxes/tax-rules.ts';

/** A place as tax rates name it. */
export function taxPlace({
  country,
  state,
}: Pick<Destination, 'country'> & { state?: string | null }): TaxPlace {
  const code = countryCode(country);
  return { country: code, state: stateCode(code, state) };
}

/**
 * Refuses a place of which the state is not known where the store taxes its states differently: it would be taxed as a state without rates.
 * `field` is the address's in the request.
 */
export function refuseUntaxable(place: TaxPlace | null, rates: readonly TaxRate[], field: string): void {
  if (!place || !rates.some(({ country, state }) => country === place.country && state !== null)) return;
  if (place.state !== null && isStateOf(place.country, place.state)) return;
  const [state] = statesOf(place.country) ?? [];
  const example = state ? `, like ${state.code} or ${state.name}` : '';
  throw refusal(
    'VALIDATION_FAILED',
    `Expected a state of ${place.country}${example}: taxes depend on it. Received ${place.state ?? 'none'}.`,
    {
      errors: {
        [`${field}.state`]: [place.state === null ? 'is required here' : 'is not a state of this country'],
      },
    },
  );
}
