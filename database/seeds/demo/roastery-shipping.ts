import { cents } from '#core/values/money.ts';
import { postcodes } from './shop-language.ts';
import type { DemoShipping } from './shop.ts';

const STANDARD = 'Standard post';
const EXPRESS = 'Express post';
const BIKE = 'Bike courier';
const AIR = 'Air mail';

const METRO = 'Melbourne';
const VICTORIA = 'Regional Victoria';
const EAST = 'East and south';
const FAR = 'West and north';
const NZ = 'New Zealand';

/** From Melbourne to all of Australia and to New Zealand. */
export const shipping: DemoShipping = {
  zones: [
    { name: METRO, country: 'AU', states: [], postcodes: [postcodes(3000, 3207), postcodes(8000, 8999)] },
    { name: VICTORIA, country: 'AU', states: [], postcodes: [postcodes(3208, 3999)] },
    { name: EAST, country: 'AU', states: ['NSW', 'ACT', 'QLD', 'SA', 'TAS'], postcodes: [] },
    { name: FAR, country: 'AU', states: ['WA', 'NT'], postcodes: [] },
    { name: NZ, country: 'NZ', states: [], postcodes: [] },
  ],
  methods: [
    { label: BIKE, type: 'flat', active: true, etaText: 'Today, when ordered before noon' },
    { label: STANDARD, type: 'price', active: true, etaText: '2–6 working days' },
    { label: EXPRESS, type: 'weight', active: true, etaText: '1–2 working days' },
    { label: AIR, type: 'weight', active: true, etaText: '5–9 working days' },
  ],
  rates: [
    { zone: METRO, method: BIKE, maxWeightGrams: 6000, baseCents: cents(950) },
    ...freeFrom(6000, { zone: METRO, baseCents: 700 }),
    ...freeFrom(7500, { zone: VICTORIA, baseCents: 850 }),
    ...freeFrom(9000, { zone: EAST, baseCents: 1050 }),
    ...freeFrom(12_000, { zone: FAR, baseCents: 1290 }),
    ...[METRO, VICTORIA, EAST].flatMap((zone) => [
      { zone, method: EXPRESS, maxWeightGrams: 500, baseCents: cents(1100) },
      { zone, method: EXPRESS, minWeightGrams: 501, maxWeightGrams: 3000, baseCents: cents(1390) },
      { zone, method: EXPRESS, minWeightGrams: 3001, baseCents: cents(890), perKgCents: cents(250) },
    ]),
    { zone: NZ, method: AIR, maxWeightGrams: 500, baseCents: cents(1600) },
    { zone: NZ, method: AIR, minWeightGrams: 501, maxWeightGrams: 2000, baseCents: cents(2400) },
    {
      zone: NZ,
      method: AIR,
      minWeightGrams: 2001,
      maxWeightGrams: 15_000,
      baseCents: cents(900),
      perKgCents: cents(800),
    },
  ],
};

/** Standard post costs so much, and nothing from that cart total on. */
function freeFrom(totalCents: number, { zone, baseCents }: { zone: string; baseCents: number }) {
  return [
    { zone, method: STANDARD, maxTotalCents: cents(totalCents - 1), baseCents: cents(baseCents) },
    { zone, method: STANDARD, minTotalCents: cents(totalCents), baseCents: cents(0) },
  ];
}
