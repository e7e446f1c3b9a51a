/** Years that clocks and the database agree on. */
const YEAR_MIN = 1970;
const YEAR_MAX = 9999;

/** The moment that an ISO 8601 text names; null for one that no clock here shows, such as a leap second, or of another age. */
export function momentOf(text: string): Date | null {
  const moment = new Date(text);
  const year = moment.getUTCFullYear();
  return year >= YEAR_MIN && year <= YEAR_MAX ? moment : null;
}
