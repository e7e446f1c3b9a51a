import { join } from 'node:path';
import type { PublicOrder } from '#app/orders/order-view.ts';
import type { Category, Product } from '#app/catalog/product-view.ts';
import type { Store } from '#app/stores/store-view.ts';
import { storefrontAssets } from '#app/storefront/storefront-assets.ts';
import { createThemes, type Themes } from '#app/storefront/theme-renderer.ts';

const PROJECT = join(import.meta.dirname, '../..');
const THEMES = ['classic', 'modern', 'minimal'] as const;
const ISLANDS = ['cart-badge', 'product-form', 'cart-page', 'checkout-form', 'order-tracker', 'live-search'];
const FILES = ['favicon.svg', 'apple-touch-icon.png', 'icon-192.png', 'icon-512.png', 'social.png'];

export const ORIGIN = 'https://shop.example';

/** The project's themes with a build that never ran: every asset has a name. */
export function sampleThemes(): Themes {
  const names = [
    ...THEMES.map((theme) => `storefront/themes/${theme}/assets/theme.css`),
    ...ISLANDS.map((island) => `storefront/islands/${island}.ts`),
    ...FILES.map((file) => `storefront/assets/${file}`),
  ];
  const manifest = Object.fromEntries(names.map((name) => [name, { file: name.replaceAll('/', '-') }]));
  return createThemes({
    folder: join(PROJECT, 'storefront/themes'),
    assets: storefrontAssets(manifest),
    cache: true,
  });
}

export function sampleStore(changes: Partial<Store> = {}): Store {
  return {
    id: 'st_sample',
    slug: 'wren',
    name: 'Wren Coffee',
    tagline: 'Coffee and bread',
    theme: 'classic',
    accent: '#8a3b1e',
    currency: 'AUD',
    country: 'AU',
    locale: 'en-AU',
    timezone: 'Australia/Melbourne',
    phone: '+61 3 9555 0134',
    address: '1 High Street, Melbourne VIC 3000',
    pickup: true,
    shipping: true,
    shipping_countries: ['AU', 'NZ'],
    preparation_minutes: 15,
    ...changes,
  };
}

export const CATEGORIES: readonly Category[] = [
  { slug: 'drinks', name: 'Drinks', parent: null },
  { slug: 'coffee', name: 'Coffee', parent: 'drinks' },
  { slug: 'food', name: 'Food', parent: null },
];

export function sampleVariant(
  changes: Partial<Product['variants'][number]> = {},
): Product['variants'][number] {
  return {
    id: 'va_1',
    sku: null,
    title: '',
    option_values: [],
    price_cents: 450,
    compare_at_cents: null,
    available: true,
    image: null,
    ...changes,
  };
}

export function sampleProduct(changes: Partial<Product> = {}): Product {
  return {
    id: 'pr_1',
    slug: 'flat-white',
    name: 'Flat White',
    description: '<p>Two shots and <em>silky</em> milk.</p>',
    price_cents: 450,
    compare_at_cents: null,
    currency: 'AUD',
    images: [{ url: '/media/cup.svg', alt: 'A cup', width: 800, height: 600 }],
    category: { slug: 'coffee', name: 'Coffee' },
    tags: [],
    available: true,
    options: [],
    variants: [sampleVariant()],
    customization_groups: [],
    ...changes,
  };
}

export function sampleGroup(
  changes: Partial<Product['customization_groups'][number]> = {},
): Product['customization_groups'][number] {
  return {
    id: 'gr_1',
    name: 'Milk',
    min_select: 1,
    max_select: 1,
    required: true,
    choices: [
      { id: 'ch_full', name: 'Full cream', price_delta_cents: 0, max_quantity: 1 },
      { id: 'ch_oat', name: 'Oat', price_delta_cents: 80, max_quantity: 1 },
    ],
    ...changes,
  };
}

export function sampleOrder(changes: Partial<PublicOrder> = {}): PublicOrder {
  return {
    public_id: 'k3JdXa0Qk3JdXa0Qk3JdXa',
    order_number: '#1042',
    status: 'accepted',
    version: 2,
    fulfilment_type: 'pickup',
    placed_at: '2026-03-02T00:10:00.000Z',
    promised_at: '2026-03-02T00:30:00.000Z',
    pickup_code: 'K7QM',
    cancel_reason: null,
    timeline: [
      { status: 'pending', at: '2026-03-02T00:10:00.000Z' },
      { status: 'accepted', at: '2026-03-02T00:12:00.000Z' },
    ],
    items: [
      {
        name: 'Flat White',
        variant: 'Large',
        customizations: [{ group: 'Milk', name: 'Oat', quantity: 1, price_delta_cents: 80 }],
        quantity: 2,
        backordered: 1,
        unit_cents: 530,
        total_cents: 1060,
        discount_cents: 0,
        tax_cents: 0,
      },
    ],
    promotion_code: null,
    points_spent: 0,
    discounts: [],
    taxes: [],
    totals: {
      items_cents: 1060,
      shipping_cents: 0,
      discount_cents: 0,
      tax_cents: 0,
      tax_included_cents: 0,
      total_cents: 1060,
      currency: 'AUD',
    },
    refunded_cents: 0,
    shipping: null,
    store: { slug: 'wren', name: 'Wren Coffee', phone: null, address: null },
    ...changes,
  };
}

/** How an order travels; by default it has not left. */
export function parcel(changes: Partial<NonNullable<PublicOrder['shipping']>>): PublicOrder['shipping'] {
  return {
    method: 'Post',
    status: 'pending',
    tracking_code: null,
    tracking_url: null,
    discount_cents: 0,
    tax_cents: 0,
    ...changes,
  };
}
