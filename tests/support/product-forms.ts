import type { ManagedProduct } from '#app/products/managed-product-view.ts';

/** What a form sends for a product of one variant, but for the changes. */
export function productForm(name: string, changes: object = {}) {
  return {
    name,
    description: '',
    tags: [],
    tax_class: 'standard',
    shippable: true,
    options: [],
    variants: [{ option_values: [], price_cents: 450, weight_grams: 200 }],
    customization_groups: [],
    ...changes,
  };
}

/** What a form sends that changes nothing of a product, but for the changes. */
export function formOf(product: ManagedProduct, changes: object = {}) {
  return {
    version: product.version,
    name: product.name,
    slug: product.slug,
    description: product.description,
    category: product.category?.id ?? null,
    tags: product.tags,
    tax_class: product.tax_class,
    shippable: product.shippable,
    dimensions: product.dimensions,
    options: product.options.map(({ name }) => name),
    variants: product.variants.map(({ stock: _stock, title: _title, sale: _sale, ...variant }) => variant),
    customization_groups: product.customization_groups.map(({ id: _id, choices, ...group }) => ({
      ...group,
      choices: choices.map(({ id: _choice, ...choice }) => choice),
    })),
    ...changes,
  };
}

/** Of a product that has one of everything. */
export const EVERYTHING = {
  description: '<p onclick="x()">Warm</p>',
  tags: ['wool', 'new'],
  tax_class: 'reduced',
  dimensions: { length_mm: 10, width_mm: 20, height_mm: 30 },
  options: ['Size'],
  variants: [
    {
      option_values: ['S'],
      sku: 'J-S',
      price_cents: 9000,
      compare_at_cents: 12_000,
      weight_grams: 300,
      stock: 4,
    },
    { option_values: ['M'], sku: 'J-M', price_cents: 9500, weight_grams: 320 },
  ],
  customization_groups: [
    {
      name: 'Wrap',
      min_select: 1,
      max_select: 1,
      required: true,
      choices: [{ name: 'Paper', price_delta_cents: -50, max_quantity: 2 }],
    },
  ],
};
