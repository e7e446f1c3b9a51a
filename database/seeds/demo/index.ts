import { cafe } from './cafe.ts';
import { outdoor } from './outdoor.ts';
import { coffeePeople, outdoorPeople } from './people.ts';
import { roastery } from './roastery.ts';
import type { DemoMerchant } from './shop.ts';

export { illustrate } from './illustrations/illustrate.ts';
export { SHEET_HEIGHT, SHEET_WIDTH } from './illustrations/sheet.ts';
export { demoCustomers } from './people.ts';
export type * from './shop.ts';

export const demoMerchants: readonly DemoMerchant[] = [
  { name: 'Juniper Row Coffee', people: coffeePeople, stores: [cafe, roastery] },
  { name: 'Hollin & Scree Outfitters', people: outdoorPeople, stores: [outdoor] },
];
