import { coffee } from './roastery-coffee.ts';
import { gear } from './roastery-gear.ts';
import { shipping } from './roastery-shipping.ts';
import type { DemoStore } from './shop.ts';

/** The café's roastery next door: it ships, and lets the neighbours pick up. */
export const roastery: DemoStore = {
  slug: 'slow-lantern',
  name: 'Slow Lantern Roasters',
  tagline: 'Coffee roasted on Tuesdays and Thursdays, posted the same day',
  theme: 'modern',
  accent: '#b8471f',
  currency: 'AUD',
  country: 'AU',
  locale: 'en-AU',
  timezone: 'Australia/Melbourne',
  phone: '+61355502210',
  address: { line1: '3 Foundry Lane', city: 'Brunswick', state: 'VIC', postcode: '3056' },
  pickup: true,
  shipping,
  preparationMinutes: 240,
  ageMinutes: { amber: 60, red: 240 },
  categories: [
    { slug: 'coffee', name: 'Coffee' },
    { slug: 'brewing', name: 'Brewing' },
    { slug: 'cups', name: 'Cups' },
    { slug: 'classes', name: 'Classes' },
  ],
  products: [...coffee, ...gear],
};
