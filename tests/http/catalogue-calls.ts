import { randomUUID } from 'node:crypto';
import type { Product } from '#app/catalog/product-view.ts';
import type { Call } from '../support/hostile-values.ts';
import type { HttpClient } from '../support/http-client.ts';

interface Callers {
  readonly manager: () => HttpClient;
  /** One that may be changed. */
  readonly product: () => Product;
  /** Another, to stand before or behind it. */
  readonly other: () => Product;
}

const form = () => ({
  name: 'Mug',
  slug: `mug-${randomUUID()}`,
  description: '<p>Holds coffee.</p>',
  category: null,
  tags: ['new'],
  tax_class: 'standard',
  shippable: true,
  dimensions: { length_mm: 100, width_mm: 100, height_mm: 120 },
  options: ['Size'],
  variants: [
    {
      option_values: ['Large'],
      sku: 'MUG-L',
      price_cents: 1200,
      compare_at_cents: 1500,
      weight_grams: 400,
      stock: 3,
      image: null,
    },
  ],
  customization_groups: [
    {
      name: 'Print',
      min_select: 0,
      max_select: 1,
      required: false,
      choices: [{ name: 'Name', price_delta_cents: 500, max_quantity: 1 }],
    },
  ],
});

/** A call for each route of the catalogue that takes a body. */
export function catalogueCalls({ manager, product, other }: Callers): Record<string, Call> {
  const withBody = (method: string, path: () => string) => (body: unknown) =>
    manager().send(path(), {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    'POST /dashboard/products': {
      body: () => ({ ...form(), active: true, scope: 'store' }),
      send: (body) => manager().post('/dashboard/products', body),
      others: [201],
    },
    'PUT /dashboard/products/:product': {
      body: () => ({ ...form(), version: 999 }),
      send: withBody('PUT', () => `/dashboard/products/${product().id}`),
      others: [409],
    },
    'PATCH /dashboard/products/:product/status': {
      body: () => ({ status: 'inactive', version: 999 }),
      send: withBody('PATCH', () => `/dashboard/products/${product().id}/status`),
      others: [409],
    },
    'PUT /dashboard/products/order': {
      body: () => ({ products: [product().id, other().id] }),
      send: withBody('PUT', () => '/dashboard/products/order'),
      others: [204, 404],
    },
    'PATCH /dashboard/products/:product/images/:image': {
      body: () => ({ alt: 'A mug' }),
      send: withBody('PATCH', () => `/dashboard/products/${product().id}/images/unknown`),
      others: [404],
    },
    'PUT /dashboard/products/:product/images/order': {
      body: () => ({ images: [] }),
      send: withBody('PUT', () => `/dashboard/products/${product().id}/images/order`),
      others: [200],
    },
    'POST /dashboard/categories': {
      body: () => ({ name: 'Cups', slug: `cups-${randomUUID()}`, parent: null, scope: 'store' }),
      send: (body) => manager().post('/dashboard/categories', body),
      others: [201, 409],
    },
    'PATCH /dashboard/categories/:category': {
      body: () => ({ name: 'Cups', slug: 'cups' }),
      send: withBody('PATCH', () => '/dashboard/categories/unknown'),
      others: [404],
    },
    'PUT /dashboard/categories/:category/place': {
      body: () => ({ parent: null, before: null }),
      send: withBody('PUT', () => '/dashboard/categories/unknown/place'),
      others: [404],
    },
  };
}
