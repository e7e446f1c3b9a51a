/** Countries in which the postcode stands before the town; elsewhere it ends the line. */
const POSTCODE_FIRST = new Set(
  'AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IT LT LU NL NO PL PT RO SE SI SK TR'.split(' '),
);

interface Town {
  readonly country: string | null;
  readonly postcode: string | null;
  readonly city: string | null;
  readonly state: string | null;
}

/** The line of an address with town and postcode, in the order of its country: `Brunswick VIC 3056`, `10115 Berlin`. */
export function townLine({ country, postcode, city, state }: Town): string {
  const words = POSTCODE_FIRST.has(country ?? '') ? [postcode, city, state] : [city, state, postcode];
  return words.filter(Boolean).join(' ');
}
