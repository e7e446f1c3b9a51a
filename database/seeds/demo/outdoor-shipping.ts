import { cents } from '#core/values/money.ts';
import { beginning } from './shop-language.ts';
import type { DemoShipping } from './shop.ts';

const GROUND = 'Ground';
const TWO_DAY = 'Two-day air';
const PRIORITY = 'Priority mail';
const PARCEL = 'Parcel to Canada';

const ROCKIES = 'Rocky Mountains';
const MAINLAND = 'Mainland United States';
const FAR = 'Alaska and Hawaii';
const CANADA_CENTRE = 'Ontario and Québec';
const CANADA_WEST = 'Western Canada';
const CANADA_EAST = 'Atlantic Canada';

/** States by their codes, as one string because a list of forty would fill a page. */
function states(codes: string): string[] {
  return codes.split(' ');
}

/** From Colorado to the states and to Canada, but for its north (postcodes in X and Y), where the parcel service does not go. */
export const shipping: DemoShipping = {
  zones: [
    { name: ROCKIES, country: 'US', states: states('CO UT WY NM'), postcodes: [] },
    {
      name: MAINLAND,
      country: 'US',
      states: states(
        'AL AZ AR CA CT DE DC FL GA ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NY NC ND OH OK OR PA RI SC SD TN TX VT VA WA WV WI',
      ),
      postcodes: [],
    },
    { name: FAR, country: 'US', states: ['AK', 'HI'], postcodes: [] },
    {
      name: CANADA_CENTRE,
      country: 'CA',
      states: [],
      postcodes: beginning('K', 'L', 'M', 'N', 'P', 'G', 'H', 'J'),
    },
    { name: CANADA_WEST, country: 'CA', states: [], postcodes: beginning('V', 'T', 'S', 'R') },
    { name: CANADA_EAST, country: 'CA', states: [], postcodes: beginning('A', 'B', 'C', 'E') },
  ],
  methods: [
    { label: GROUND, type: 'price', active: true, etaText: '3–6 business days' },
    { label: TWO_DAY, type: 'formula', active: true, etaText: '2 business days' },
    { label: PRIORITY, type: 'weight', active: true, etaText: '4–8 business days' },
    { label: PARCEL, type: 'formula', active: true, etaText: '6–10 business days, duties included' },
  ],
  rates: [
    { zone: ROCKIES, method: GROUND, maxTotalCents: cents(9999), baseCents: cents(695) },
    { zone: ROCKIES, method: GROUND, minTotalCents: cents(10_000), baseCents: cents(0) },
    { zone: MAINLAND, method: GROUND, maxTotalCents: cents(14_999), baseCents: cents(995) },
    { zone: MAINLAND, method: GROUND, minTotalCents: cents(15_000), baseCents: cents(0) },
    { zone: ROCKIES, method: TWO_DAY, baseCents: cents(1000), perKgCents: cents(300) },
    { zone: MAINLAND, method: TWO_DAY, baseCents: cents(1200), perKgCents: cents(380) },
    { zone: FAR, method: PRIORITY, maxWeightGrams: 1000, baseCents: cents(1490) },
    { zone: FAR, method: PRIORITY, minWeightGrams: 1001, maxWeightGrams: 5000, baseCents: cents(2490) },
    { zone: FAR, method: PRIORITY, minWeightGrams: 5001, baseCents: cents(1490), perKgCents: cents(420) },
    { zone: CANADA_CENTRE, method: PARCEL, baseCents: cents(1200), perKgCents: cents(420) },
    { zone: CANADA_WEST, method: PARCEL, baseCents: cents(1200), perKgCents: cents(390) },
    { zone: CANADA_EAST, method: PARCEL, baseCents: cents(1400), perKgCents: cents(480) },
  ],
};
