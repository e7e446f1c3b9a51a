import { Type, type Static } from 'typebox';
import { Nullable } from '#core/values/schema.ts';

/** The one projection of a product: the API's JSON, and what themes and islands read. */

export const ImageSchema = Type.Object({
  url: Type.String(),
  alt: Type.String(),
  width: Type.Integer(),
  height: Type.Integer(),
});

export const VariantSchema = Type.Object({
  id: Type.String(),
  sku: Nullable(Type.String()),
  title: Type.String({
    description: 'Values of the options joined by " / "; empty when the product has no options',
  }),
  option_values: Type.Array(Type.String(), { description: 'In the order of the product’s options' }),
  price_cents: Type.Integer(),
  compare_at_cents: Nullable(Type.Integer()),
  available: Type.Boolean(),
  image: Nullable(Type.Integer({ description: 'Index into the product’s images' })),
});

export const CustomizationGroupSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  min_select: Type.Integer(),
  max_select: Type.Integer(),
  required: Type.Boolean(),
  choices: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      price_delta_cents: Type.Integer(),
      max_quantity: Type.Integer(),
    }),
  ),
});

export const ProductSchema = Type.Object({
  id: Type.String(),
  slug: Type.String(),
  name: Type.String(),
  description: Type.String({ description: 'Sanitised HTML' }),
  price_cents: Type.Integer({ description: 'Of the cheapest available variant' }),
  compare_at_cents: Nullable(Type.Integer()),
  currency: Type.String(),
  images: Type.Array(ImageSchema),
  category: Nullable(Type.Object({ slug: Type.String(), name: Type.String() })),
  tags: Type.Array(Type.String()),
  available: Type.Boolean(),
  options: Type.Array(Type.Object({ name: Type.String(), values: Type.Array(Type.String()) })),
  variants: Type.Array(VariantSchema),
  customization_groups: Type.Array(CustomizationGroupSchema),
});
export type Product = Static<typeof ProductSchema>;

export const ProductListSchema = Type.Object({
  data: Type.Array(ProductSchema),
  next_cursor: Nullable(Type.String()),
});
export type ProductList = Static<typeof ProductListSchema>;

export const CategorySchema = Type.Object({
  slug: Type.String(),
  name: Type.String(),
  parent: Nullable(Type.String()),
});
export type Category = Static<typeof CategorySchema>;
