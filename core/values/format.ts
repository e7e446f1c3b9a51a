/** How amounts, moments and sentences are written for a locale. The server's pages and the browser's islands share these. */

interface MoneyFormat {
  readonly format: Intl.NumberFormat;
  readonly minorUnits: number;
}

const moneyFormats = new Map<string, MoneyFormat>();
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Writes an amount in minor units of a currency: `formatMoney(550, 'AUD', 'en-AU')` is `$5.50`. */
export function formatMoney(cents: number, currency: string, locale: string): string {
  const { format, minorUnits } = remember(moneyFormats, `${locale} ${currency}`, () =>
    moneyFormat(currency, locale),
  );
  return format.format(cents / minorUnits);
}

/** Minor units in one major unit of a currency: 100 for dollars, 1 for yen. */
export function minorUnitsOf(currency: string): number {
  return remember(moneyFormats, `en ${currency}`, () => moneyFormat(currency, 'en')).minorUnits;
}

function moneyFormat(currency: string, locale: string): MoneyFormat {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
  return { format, minorUnits: 10 ** digits };
}

interface Place {
  readonly locale: string;
  readonly timezone: string;
}

/** Writes a moment as people there say it: the time when it is on the day of `now`, else day and time. */
export function formatMoment(at: Date, { locale, timezone }: Place, now: Date): string {
  const days = remember(
    clocks,
    `${locale} ${timezone} day`,
    () => new Intl.DateTimeFormat(locale, { timeZone: timezone, day: 'numeric', month: 'short' }),
  );
  const times = remember(
    clocks,
    `${locale} ${timezone} time`,
    () => new Intl.DateTimeFormat(locale, { timeZone: timezone, hour: 'numeric', minute: '2-digit' }),
  );
  const day = days.format(at);
  return day === days.format(now) ? times.format(at) : `${day}, ${times.format(at)}`;
}

const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;

/** Writes about how long something takes, in the largest unit that does it justice: `15 minutes`, `4 hours`, `2 days`. */
export function formatDuration(minutes: number, locale: string): string {
  if (minutes < 2 * HOUR_MIN && minutes % HOUR_MIN !== 0) return inUnits(minutes, 'minute', locale);
  if (minutes < 2 * DAY_MIN) return inUnits(Math.round((minutes / HOUR_MIN) * 2) / 2, 'hour', locale);
  return inUnits(Math.round(minutes / DAY_MIN), 'day', locale);
}

function inUnits(amount: number, unit: string, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
}

/** A sentence for each plural form of its `count`. */
export interface PluralPhrase {
  readonly one?: string;
  readonly other: string;
}

/** A sentence with `{{ name }}` gaps, or one for each plural form of its `count`. */
export type Phrase = string | PluralPhrase;

/** Fills the gaps of a phrase; a gap without a value stays empty. */
export function fillPhrase(
  phrase: Phrase,
  values: Readonly<Record<string, string | number>>,
  locale: string,
): string {
  return sentenceFor(phrase, values['count'], locale).replaceAll(/\{\{ ?(\w+) ?\}\}/g, (_, name: string) =>
    String(values[name] ?? ''),
  );
}

function sentenceFor(phrase: Phrase, count: string | number | undefined, locale: string): string {
  if (typeof phrase === 'string') return phrase;
  const isOne = new Intl.PluralRules(locale).select(Number(count ?? 0)) === 'one';
  return (isOne ? phrase.one : undefined) ?? phrase.other;
}

function remember<Value>(memory: Map<string, Value>, key: string, make: () => Value): Value {
  const known = memory.get(key);
  if (known) return known;
  const made = make();
  memory.set(key, made);
  return made;
}
