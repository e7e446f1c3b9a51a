/**
 * Types that the driver does not know by itself; reading arrays is not among them. It could learn all from each new connection, but where that
 * is lost while it asks, nobody hears the rejection, which ends the process.
 */
export const DRIVER_TYPES = {
  fetch_types: false,
  types: {
    bigint: { to: 20, from: [20], serialize: String, parse: Number },
    bigintArray: { to: 1016, from: [], serialize: arrayLiteral, parse: String },
    textArray: { to: 1009, from: [], serialize: arrayLiteral, parse: String },
  },
};

/** See the PostgreSQL manual, "Array Input and Output Syntax". */
function arrayLiteral(items: readonly (string | number)[]): string {
  return `{${items.map(itemLiteral).join(',')}}`;
}

const ESCAPED = /["\\]/;
const EACH_ESCAPED = /["\\]/g;

/** Most need no escape, and to look is a tenth of replacing nothing: some statements name thousands. */
function itemLiteral(item: string | number): string {
  if (typeof item === 'number') return String(item);
  return `"${ESCAPED.test(item) ? item.replaceAll(EACH_ESCAPED, String.raw`\$&`) : item}"`;
}
