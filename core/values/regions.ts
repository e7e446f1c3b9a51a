/** States of the countries whose addresses need one, by the codes that carriers, shipping zones and tax rates use. */
const STATES: Readonly<Record<string, string>> = {
  AU: 'ACT Australian Capital Territory|NSW New South Wales|NT Northern Territory|QLD Queensland|SA South Australia|TAS Tasmania|VIC Victoria|WA Western Australia',
  CA: 'AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NS Nova Scotia|NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon',
  US: 'AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|AS American Samoa|GU Guam|MP Northern Mariana Islands|PR Puerto Rico|VI US Virgin Islands|AA Armed Forces Americas|AE Armed Forces Europe|AP Armed Forces Pacific',
};

export interface Region {
  readonly code: string;
  readonly name: string;
}

/** The states to choose from, or null where an address has none or any. */
export function statesOf(country: string): readonly Region[] | null {
  const states = STATES[country];
  if (states === undefined) return null;
  return states.split('|').map((state) => {
    const space = state.indexOf(' ');
    return { code: state.slice(0, space), name: state.slice(space + 1) };
  });
}

/** The code of a country in upper case; the United Kingdom's is GB, whoever writes UK. */
export function countryCode(country: string): string {
  const code = country.trim().toUpperCase();
  return code === 'UK' ? 'GB' : code;
}

/**
 * The code of a state, given by its code or its name in whatever case and with or without accents (`Québec` is QC); what is neither, or of a
 * country (by its code) whose states are not known, in upper case. Null for none.
 */
export function stateCode(country: string, state: string | null | undefined): string | null {
  const text = state?.trim().toUpperCase() ?? '';
  if (text === '') return null;
  const known = codesByName(country);
  return known?.get(text) ?? known?.get(plain(text)) ?? text;
}

/** Whether the code is that of a state of the country, as far as its states are known. */
export function isStateOf(country: string, code: string): boolean {
  return statesOf(country)?.some((state) => state.code === code) ?? true;
}

const codes = new Map<string, ReadonlyMap<string, string>>();

/** The codes by themselves and by the names: most are given by their codes, and nothing is to be spelled out for them. */
function codesByName(country: string): ReadonlyMap<string, string> | undefined {
  const known = codes.get(country);
  const states = known ? null : statesOf(country);
  if (!states) return known;
  const made = new Map<string, string>(
    states.flatMap(({ code, name }) => [
      [code, code],
      [plain(name.toUpperCase()), code],
    ]),
  );
  codes.set(country, made);
  return made;
}

/** Without accents, and with single spaces. */
function plain(name: string): string {
  return name.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/\s+/g, ' ');
}
