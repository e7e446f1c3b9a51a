/** What the browser knows of countries, currencies and time zones, ready for a menu. */

export interface Choice {
  readonly label: string;
  readonly value: string;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Named by the browser and no countries: unions, remainders, test locales. */
const NO_COUNTRIES: ReadonlySet<string> = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);

/** All countries by name. */
export function countries(): Choice[] {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const codes = [...ALPHABET].flatMap((first) => [...ALPHABET].map((second) => first + second));
  return codes
    .filter((code) => !NO_COUNTRIES.has(code) && isPresent(code))
    .flatMap((value) => {
      const label = names.of(value);
      return label ? [{ label, value }] : [];
    })
    .toSorted((a, b) => a.label.localeCompare(b.label));
}

/** All currencies by code, with their names to search by. */
export function currencies(): Choice[] {
  const names = new Intl.DisplayNames('en', { type: 'currency' });
  return Intl.supportedValuesOf('currency').map((value) => ({
    value,
    label: `${value} · ${names.of(value)}`,
  }));
}

export function timezones(): Choice[] {
  return Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}

/** The country and the time zone that this browser is set to. */
export function here(): { readonly country: string; readonly timezone: string } {
  return {
    country: new Intl.Locale(navigator.language).maximize().region ?? '',
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** Codes of the past lead to those of today. */
function isPresent(code: string): boolean {
  return Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
}
