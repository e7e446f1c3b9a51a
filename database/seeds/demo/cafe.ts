import { coffee, teaAndCold } from './cafe-drinks.ts';
import { bakery, kitchen } from './cafe-food.ts';
import type { DemoStore } from './shop.ts';

/** A corner café: everything is made to order and picked up; what comes out of the oven is counted. */
export const cafe: DemoStore = {
  slug: 'juniper-row',
  name: 'Juniper Row Café',
  tagline: 'Coffee, bread and a warm lunch on the corner since 1984',
  theme: 'classic',
  accent: '#a8472f',
  currency: 'AUD',
  country: 'AU',
  locale: 'en-AU',
  timezone: 'Australia/Melbourne',
  phone: '+61355501984',
  address: { line1: '14 Juniper Row', city: 'Brunswick', state: 'VIC', postcode: '3056' },
  pickup: true,
  shipping: null,
  preparationMinutes: 12,
  categories: [
    { slug: 'coffee', name: 'Coffee' },
    { slug: 'tea-and-chocolate', name: 'Tea and chocolate' },
    { slug: 'cold-drinks', name: 'Cold drinks' },
    { slug: 'bakery', name: 'From the oven' },
    { slug: 'lunch', name: 'Lunch' },
  ],
  products: [...coffee, ...teaAndCold, ...bakery, ...kitchen],
};
