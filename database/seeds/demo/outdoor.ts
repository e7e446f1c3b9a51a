import { clothing } from './outdoor-clothing.ts';
import { gear } from './outdoor-gear.ts';
import { shipping } from './outdoor-shipping.ts';
import type { DemoStore } from './shop.ts';

/** An outdoor shop in the mountains: sizes and colours, some of them gone, shipped to two countries. */
export const outdoor: DemoStore = {
  slug: 'hollin-and-scree',
  name: 'Hollin & Scree',
  tagline: 'Things for outside that outlast the weather',
  theme: 'minimal',
  accent: '#2f7358',
  currency: 'USD',
  country: 'US',
  locale: 'en-US',
  timezone: 'America/Denver',
  phone: '+17195550142',
  address: { line1: '208 Millrace Street', city: 'Salida', state: 'CO', postcode: '81201' },
  pickup: true,
  shipping,
  preparationMinutes: 120,
  ageMinutes: { amber: 60, red: 240 },
  categories: [
    { slug: 'jackets', name: 'Jackets and fleece' },
    { slug: 'tops', name: 'Shirts' },
    { slug: 'trousers', name: 'Trousers and shorts' },
    { slug: 'footwear', name: 'Footwear' },
    { slug: 'accessories', name: 'Hats and socks' },
    { slug: 'packs', name: 'Packs' },
    { slug: 'shelter', name: 'Tents and sleeping' },
    { slug: 'cooking', name: 'Cooking and drinking' },
    { slug: 'tools', name: 'Light, rope and poles' },
  ],
  products: [...clothing, ...gear],
};
