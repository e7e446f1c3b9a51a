const REGIONS = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Whether the text is a language tag that numbers and dates can be written for, such as `de-DE`. */
export function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** Whether the text is the code of a country or territory (ISO 3166) as it is written today: `GB`, not `UK`. */
export function isCountry(text: string): boolean {
  if (!/^[A-Z]{2}$/.test(text)) return false;
  return REGIONS.of(text) !== undefined && new Intl.Locale(`und-${text}`).region === text;
}

/** Whether the text is the code of a currency (ISO 4217). */
export function isCurrency(text: string): boolean {
  return Intl.supportedValuesOf('currency').includes(text);
}
