/** A rule takes a range of postcodes, both ends included, or all that begin alike. */
export type PostcodeRule =
  | { readonly kind: 'range'; readonly from: string; readonly to: string }
  | { readonly kind: 'prefix'; readonly prefix: string };

/** Where a whole postcode has more than the digits of which ranges are made: a ZIP code with its +4, a Dutch one with its letters. */
const COARSE = new Map([
  ['US', /^(\d{5})\d{4}$/],
  ['NL', /^(\d{4})[A-Z]{2}$/],
]);
const DIGITS = /^\d+$/;

/** Area, district and its letter, then what is within it: SW 1 A 1AA. */
const BRITISH = /^([A-Z]{1,2})(?:(\d{1,2}?)([A-Z]?)(\d[A-Z]{2})|(\d{1,2})([A-Z]?))?$/;

/** Upper case, without spaces and hyphens: `SW1A1AA`, `94105`, `01310100`. Wide letters, as Japanese keyboards write them, count as the usual. */
export function normalisePostcode(postcode: string): string {
  return postcode.normalize('NFKC').replaceAll(/[\s-]/g, '').toUpperCase();
}

/** The letter O where postcodes of the country have a digit: British ones before the last two letters, Canadian ones at every second place. */
const MISREAD_NOUGHT = new Map([
  ['GB', /O(?=[A-Z]{2}$)/g],
  ['CA', /(?<=^.(?:..)*)O/g],
  ['IE', /(?<=^.{1,2})O/g],
  ['NL', /(?<=^.{0,3})O/g],
]);
/** Nothing but digits, but for that letter. */
const MEANT_AS_DIGITS = /^O*\d[\dO]*$/;

/** The normalised postcode that was meant by one with the letter O for a nought. */
export function withNoughts(country: string, postcode: string): string {
  if (!postcode.includes('O')) return postcode;
  if (MEANT_AS_DIGITS.test(postcode)) return postcode.replaceAll('O', '0');
  const misread = MISREAD_NOUGHT.get(country);
  return misread ? postcode.replaceAll(misread, '0') : postcode;
}

/** What a range of digits compares, or null when the postcode has none. Both arguments are normalised. */
export function postcodeNumber(country: string, postcode: string): number | null {
  const digits = COARSE.get(country)?.exec(postcode)?.[1] ?? postcode;
  return DIGITS.test(digits) ? Number(digits) : null;
}

/**
 * What a range with letters compares, place by place: the postcode itself, but that British districts stand in two digits (BT1 becomes BT01),
 * so that BT10 lies behind BT9. Empty when it cannot be read. Both arguments are normalised.
 */
export function postcodeKey(country: string, postcode: string): string {
  if (country !== 'GB') return postcode;
  const [, area, district, letter = '', within, outer, outerLetter = ''] = BRITISH.exec(postcode) ?? [];
  if (area === undefined) return '';
  const inArea = area.padEnd(2);
  if (within !== undefined) return `${inArea}${(district ?? '').padStart(2, '0')}${letter || ' '}${within}`;
  return outer === undefined ? inArea : `${inArea}${outer.padStart(2, '0')}${outerLetter}`;
}

export type PostcodeRange =
  | { readonly kind: 'numbers'; readonly from: number; readonly to: number }
  /** Of that many places of the key. */
  | { readonly kind: 'keys'; readonly length: number; readonly from: string; readonly to: string };

/** A range in the form in which it is compared. Null when it takes nothing: its ends are of different forms, or the wrong way round. */
export function postcodeRange(
  country: string,
  range: { readonly from: string; readonly to: string },
): PostcodeRange | null {
  const [first, last] = [normalisePostcode(range.from), normalisePostcode(range.to)];
  if (DIGITS.test(first) && DIGITS.test(last)) {
    const [from, to] = [Number(first), Number(last)];
    const isWhole = postcodeNumber(country, first) !== from || postcodeNumber(country, last) !== to;
    return from <= to && !isWhole ? { kind: 'numbers', from, to } : null;
  }
  const [from, to] = [postcodeKey(country, first), postcodeKey(country, last)];
  if (from === '' || from.length !== to.length || from > to) return null;
  return { kind: 'keys', length: from.length, from, to };
}

/** Whether the rule takes the postcode. Country and postcode are normalised. */
export function takesPostcode(country: string, rule: PostcodeRule, postcode: string): boolean {
  if (rule.kind === 'prefix') return postcode.startsWith(normalisePostcode(rule.prefix));
  const range = postcodeRange(country, rule);
  if (range === null) return false;
  if (range.kind === 'numbers') {
    const number = postcodeNumber(country, postcode);
    return number !== null && range.from <= number && number <= range.to;
  }
  const key = postcodeKey(country, postcode).slice(0, range.length);
  return key.length === range.length && range.from <= key && key <= range.to;
}
