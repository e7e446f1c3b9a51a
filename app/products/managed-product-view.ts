import { Type, type Static } from 'typebox';
import { Absent, Nullable } from '#core/values/schema.ts';
import { OPTIONS_MAX, VARIANTS_MAX } from '../catalog/product.ts';
import { CustomizationGroupSchema, ImageSchema, VariantSchema } from '../catalog/product-view.ts';

/** A product as those see it who keep it. */

const CENTS_MAX = 1_000_000_000;
const GRAMS_MAX = 10_000_000;
const PIECES_MAX = 1_000_000_000;
const MILLIMETRES_MAX = 1_000_000;
const SELECT_MAX = 100;
const NAME_LENGTH_MAX = 255;
const LABEL_LENGTH_MAX = 120;
const DESCRIPTION_LENGTH_MAX = 100_000;
const TAGS_MAX = 100;
const GROUPS_MAX = 20;
const CHOICES_MAX = 50;

export const PRODUCT_STATUSES = ['active', 'inactive', 'archived'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];
export const ProductStatusSchema = Type.Enum([...PRODUCT_STATUSES]);
/** Whether it belongs to the store or to all stores of the merchant. */
export const ScopeSchema = Type.Enum(['store', 'merchant']);

const Id = Type.String({ maxLength: 60 });
/** Not blank. */
const PRINTED = '\\S';
const Name = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX, pattern: PRINTED });
const Label = Type.String({ minLength: 1, maxLength: LABEL_LENGTH_MAX, pattern: PRINTED });
const Price = Type.Integer({ minimum: 0, maximum: CENTS_MAX });
const Millimetres = Type.Integer({ minimum: 1, maximum: MILLIMETRES_MAX });

const DimensionsSchema = Type.Object(
  { length_mm: Millimetres, width_mm: Millimetres, height_mm: Millimetres },
  { description: 'Of one packed piece' },
);

const SlugSchema = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: NAME_LENGTH_MAX });

const VariantFormSchema = Type.Object({
  id: Type.Optional(Id),
  option_values: Type.Array(Name, { maxItems: OPTIONS_MAX }),
  sku: Absent(Label),
  price_cents: Price,
  compare_at_cents: Absent(Price),
  weight_grams: Type.Integer({ minimum: 0, maximum: GRAMS_MAX }),
  stock: Absent(
    Type.Integer({
      minimum: 0,
      maximum: PIECES_MAX,
      description: 'What a new variant begins with in this store; later, stock is adjusted',
    }),
  ),
  image: Absent(
    Type.String({ maxLength: 60, description: 'One of the product’s pictures; left out, it stays' }),
  ),
});

const GroupFormSchema = Type.Object({
  name: Label,
  min_select: Type.Integer({ minimum: 0, maximum: SELECT_MAX }),
  max_select: Type.Integer({ minimum: 1, maximum: SELECT_MAX }),
  required: Type.Boolean(),
  choices: Type.Array(
    Type.Object({
      name: Label,
      price_delta_cents: Type.Integer({ minimum: -CENTS_MAX, maximum: CENTS_MAX }),
      max_quantity: Type.Integer({ minimum: 1, maximum: SELECT_MAX }),
    }),
    { minItems: 1, maxItems: CHOICES_MAX },
  ),
});

const fields = {
  name: Name,
  slug: Absent(SlugSchema),
  description: Type.String({
    maxLength: DESCRIPTION_LENGTH_MAX,
    description: 'HTML; harmless marks are kept',
  }),
  category: Absent(Id),
  tags: Type.Array(Name, { maxItems: TAGS_MAX }),
  tax_class: Type.String({ pattern: '^[a-z_]{1,40}$' }),
  shippable: Type.Boolean(),
  dimensions: Absent(DimensionsSchema),
  options: Type.Array(Label, { maxItems: OPTIONS_MAX }),
  variants: Type.Array(VariantFormSchema, { minItems: 1, maxItems: VARIANTS_MAX }),
  customization_groups: Type.Array(GroupFormSchema, { maxItems: GROUPS_MAX }),
};

export const NewProductSchema = Type.Object({ ...fields, active: Type.Boolean(), scope: ScopeSchema });
export const ChangedProductSchema = Type.Object({
  ...fields,
  version: Type.Integer({ minimum: 1, description: 'The one that was shown' }),
});
export type ProductForm = Static<ReturnType<typeof Type.Object<typeof fields>>>;

export const ManagedImageSchema = Type.Object({ id: Type.String(), ...ImageSchema.properties });

const Moment = Nullable(Type.String({ format: 'date-time' }));
const ManagedSaleSchema = Type.Object(
  { sale_cents: Price, from: Moment, until: Moment },
  { description: 'Set with PUT /dashboard/variants/{variant}/sale; over once until is past' },
);

export const ManagedProductSchema = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  slug: Type.String(),
  name: Type.String(),
  description: Type.String(),
  scope: ScopeSchema,
  status: ProductStatusSchema,
  category: Nullable(Type.Object({ id: Type.String(), slug: Type.String(), name: Type.String() })),
  tags: Type.Array(Type.String()),
  tax_class: Type.String(),
  shippable: Type.Boolean(),
  dimensions: Nullable(DimensionsSchema),
  currency: Type.String(),
  images: Type.Array(ManagedImageSchema),
  options: Type.Array(Type.Object({ name: Type.String(), values: Type.Array(Type.String()) })),
  variants: Type.Array(
    Type.Object({
      ...Type.Pick(VariantSchema, ['id', 'sku', 'title', 'option_values', 'price_cents', 'compare_at_cents'])
        .properties,
      weight_grams: Type.Integer(),
      sale: Nullable(ManagedSaleSchema),
      stock: Nullable(Type.Integer({ description: 'In this store; null when it is not counted' })),
      image: Nullable(Type.String()),
    }),
  ),
  customization_groups: Type.Array(CustomizationGroupSchema),
  created_at: Type.String({ format: 'date-time' }),
});
export type ManagedProduct = Static<typeof ManagedProductSchema>;

export const ProductRowSchema = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  slug: Type.String(),
  name: Type.String(),
  scope: ScopeSchema,
  status: ProductStatusSchema,
  category: Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  image: Nullable(ImageSchema),
  price_cents: Type.Integer({ description: 'Of the cheapest variant' }),
  price_max_cents: Type.Integer(),
  currency: Type.String(),
  variants: Type.Integer(),
  stock: Nullable(
    Type.Integer({ description: 'Pieces in this store; null when none of its variants is counted' }),
  ),
});
export type ProductRow = Static<typeof ProductRowSchema>;

export const ProductRowsSchema = Type.Object({
  data: Type.Array(ProductRowSchema),
  next_cursor: Nullable(Type.String()),
});
