import { Type } from 'typebox';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { route } from '../route.ts';
import { createCategory, deleteCategory, moveCategory, renameCategory } from './change-categories.ts';
import { managedCategories } from './managed-categories.ts';
import {
  CategoryPlaceSchema,
  ManagedCategoriesSchema,
  NewCategorySchema,
  RenamedCategorySchema,
} from './managed-category-view.ts';

const CategoryParams = Type.Object({ category: Type.String() });

/** The category tree in the hands of those who keep it. What changes it answers with the whole tree. */
export const managedCategoryRoutes = [
  route({
    method: 'GET',
    path: '/dashboard/categories.json',
    audience: 'staff',
    ability: 'products.see',
    summary: 'The categories of the store and of all stores, each behind its parent',
    answers: { 200: ManagedCategoriesSchema },
    handle: ({ db }) => db.read(tree),
  }),
  route({
    method: 'POST',
    path: '/dashboard/categories',
    audience: 'staff',
    ability: 'products.manage',
    summary: 'Makes a category, behind those of its level',
    body: NewCategorySchema,
    answers: { 201: ManagedCategoriesSchema },
    errors: ['SLUG_TAKEN'],
    handle: async ({ db, actor, body: form, request, reply }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      const grown = await db.write(async (tx) => {
        await createCategory(tx, { form, act });
        return tree(tx);
      });
      return reply.status(201).send(grown);
    },
  }),
  route({
    method: 'PATCH',
    path: '/dashboard/categories/:category',
    audience: 'staff',
    ability: 'products.manage',
    summary: 'Renames a category',
    params: CategoryParams,
    body: RenamedCategorySchema,
    answers: { 200: ManagedCategoriesSchema },
    errors: ['CATEGORY_NOT_FOUND', 'SLUG_TAKEN'],
    handle: ({ db, actor, params: { category }, body: { name, slug = null }, request }) =>
      db.write(async (tx) => {
        await renameCategory(tx, {
          category,
          name,
          slug,
          act: { actor, requestId: request.id, at: new Date() },
        });
        return tree(tx);
      }),
  }),
  route({
    method: 'PUT',
    path: '/dashboard/categories/:category/place',
    audience: 'staff',
    ability: 'products.manage',
    summary: 'Hangs a category below another, or gives it another place in its level',
    params: CategoryParams,
    body: CategoryPlaceSchema,
    answers: { 200: ManagedCategoriesSchema },
    errors: ['CATEGORY_NOT_FOUND', 'CATEGORY_BELOW_ITSELF'],
    handle: ({ db, actor, params: { category }, body: { parent, before = null }, request }) =>
      db.write(async (tx) => {
        await moveCategory(tx, {
          category,
          parent,
          before,
          act: { actor, requestId: request.id, at: new Date() },
        });
        return tree(tx);
      }),
  }),
  route({
    method: 'DELETE',
    path: '/dashboard/categories/:category',
    audience: 'staff',
    ability: 'products.manage',
    summary: 'Deletes a category; what lies in it or hangs below it moves up',
    params: CategoryParams,
    answers: { 200: ManagedCategoriesSchema },
    errors: ['CATEGORY_NOT_FOUND', 'CATEGORY_IN_USE'],
    handle: ({ db, actor, params: { category }, request }) =>
      db.write(async (tx) => {
        await deleteCategory(tx, { category, act: { actor, requestId: request.id, at: new Date() } });
        return tree(tx);
      }),
  }),
];

async function tree(tx: TenantTx<StoreTenant>) {
  return { data: await managedCategories(tx), next_cursor: null };
}
