import { Type, type Static } from 'typebox';
import { isTimeZone } from '#core/values/local-time.ts';
import { isCountry, isCurrency, isLocale } from '#core/values/locale.ts';
import { refusal } from '../errors.ts';

/** What a store begins with: money and country stay, the rest are settings. */
export const NEW_STORE = {
  slug: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 }),
  currency: Type.String({ pattern: '^[A-Z]{3}$', examples: ['EUR'], description: 'It stays' }),
  country: Type.String({ pattern: '^[A-Z]{2}$', examples: ['DE'], description: 'It stays' }),
  timezone: Type.String({ minLength: 1, maxLength: 60, examples: ['Europe/Berlin'] }),
};

const Place = Type.Object(NEW_STORE);
type Place = Pick<Static<typeof Place>, 'currency' | 'country' | 'timezone'>;

/** Refuses a currency, country, time zone or locale that is none: VALIDATION_FAILED with the field. */
export function refuseUnknownPlace({
  currency,
  country,
  timezone,
  locale,
}: Place & { readonly locale?: string }): void {
  if (!isCurrency(currency)) throw unknown('currency', 'EUR', currency);
  if (!isCountry(country)) throw unknown('country', 'DE', country);
  if (!isTimeZone(timezone)) throw unknown('timezone', 'Europe/Berlin', timezone);
  if (locale !== undefined && !isLocale(locale)) throw unknown('locale', 'de-DE', locale);
}

const WORDS = { currency: 'currency', country: 'country', timezone: 'time zone', locale: 'locale' };

function unknown(field: keyof typeof WORDS, example: string, received: string) {
  const word = WORDS[field];
  return refusal('VALIDATION_FAILED', `Expected a ${word} like ${example}, received ${received}.`, {
    errors: { [field]: [`is not a known ${word}`] },
  });
}
