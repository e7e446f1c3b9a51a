import { Type, type Static } from 'typebox';
import { Absent, Nullable } from '#core/values/schema.ts';
import { ScopeSchema } from '../products/managed-product-view.ts';

const NAME_LENGTH_MAX = 120;

const Id = Type.String({ maxLength: 60 });
const Name = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX, pattern: '\\S' });
const Slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: NAME_LENGTH_MAX });

export const NewCategorySchema = Type.Object({
  name: Name,
  slug: Absent(Slug),
  parent: Absent(Id),
  scope: ScopeSchema,
});
export type CategoryForm = Static<typeof NewCategorySchema>;

export const RenamedCategorySchema = Type.Object({ name: Name, slug: Absent(Slug) });

export const CategoryPlaceSchema = Type.Object({
  parent: Type.Union([Id, Type.Null()], { description: 'Null for the first level' }),
  before: Absent(Id),
});

/** A category as those see it who keep it. */
export const ManagedCategorySchema = Type.Object({
  id: Type.String(),
  parent: Nullable(Type.String()),
  slug: Type.String(),
  name: Type.String(),
  scope: ScopeSchema,
  products: Type.Integer({ description: 'That lie in it, those of its sub-categories not among them' }),
});
export type ManagedCategory = Static<typeof ManagedCategorySchema>;

/** The whole tree: each category stands behind its parent, in the merchant's order. */
export const ManagedCategoriesSchema = Type.Object({
  data: Type.Array(ManagedCategorySchema),
  next_cursor: Type.Null(),
});
