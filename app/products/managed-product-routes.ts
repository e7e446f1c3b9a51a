import { Type } from 'typebox';
import type { MediaDisk } from '#core/files/media.ts';
import type { Route } from '#core/http/route.ts';
import { route } from '../route.ts';
import { arrangeProducts } from './arrange-products.ts';
import { changeProduct } from './change-product.ts';
import { createProduct } from './create-product.ts';
import { removeFiles } from './image-routes.ts';
import { managedProduct, productIdOf } from './managed-product.ts';
import {
  ChangedProductSchema,
  ManagedProductSchema,
  NewProductSchema,
  ProductRowsSchema,
  ProductStatusSchema,
} from './managed-product-view.ts';
import { managedProducts, ROWS_PER_PAGE } from './managed-products.ts';
import { removeProduct } from './remove-product.ts';
import { switchProduct } from './switch-product.ts';

const ROWS_PER_PAGE_MAX = 100;
const TEXT_LENGTH_MAX = 200;
const ARRANGED_MAX = 100;

const ProductParams = Type.Object({ product: Type.String() });
const ListQuery = Type.Object({
  category: Type.Optional(Type.String({ maxLength: TEXT_LENGTH_MAX })),
  status: Type.Optional(ProductStatusSchema),
  search: Type.Optional(
    Type.String({ maxLength: TEXT_LENGTH_MAX, description: 'Words of the name, or the beginning of a SKU' }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: TEXT_LENGTH_MAX })),
  limit: Type.Integer({ minimum: 1, maximum: ROWS_PER_PAGE_MAX, default: ROWS_PER_PAGE }),
});

/** Products in the hands of those who keep them. */
export function managedProductRoutes(media: MediaDisk): Route[] {
  return [...routesThatTell, ...routesThatSave, ...routesThatPlace, routeThatRemoves(media)];
}

const routesThatTell = [
  route({
    method: 'GET',
    path: '/dashboard/products.json',
    audience: 'staff',
    ability: 'products.see',
    summary: 'The products of the store and of all stores, a page at a time',
    query: ListQuery,
    answers: { 200: ProductRowsSchema },
    handle: ({ db, query }) => db.read((tx) => managedProducts(tx, query)),
  }),
  route({
    method: 'GET',
    path: '/dashboard/products/:product.json',
    audience: 'staff',
    ability: 'products.see',
    summary: 'One product with everything that can be changed of it',
    params: ProductParams,
    answers: { 200: ManagedProductSchema },
    errors: ['PRODUCT_NOT_FOUND'],
    handle: ({ db, params }) => db.read((tx) => managedProduct(tx, productIdOf(params.product))),
  }),
];

const routesThatSave = [
  route({
    method: 'POST',
    path: '/dashboard/products',
    audience: 'staff',
    ability: 'products.manage',
    summary: 'Makes a product; its slug comes from its name when none is given',
    body: NewProductSchema,
    answers: { 201: ManagedProductSchema },
    errors: ['SLUG_TAKEN'],
    handle: async ({ db, actor, body: { active, scope, ...form }, request, reply }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      const made = await db.write(async (tx) => {
        const id = await createProduct(tx, { form, active, forAllStores: scope === 'merchant', act });
        return managedProduct(tx, id);
      });
      return reply.status(201).send(made);
    },
  }),
  route({
    method: 'PUT',
    path: '/dashboard/products/:product',
    audience: 'staff',
    ability: 'products.manage',
    summary:
      'Makes a product what is sent; its pictures and its stock stay. An archived one is back, not on sale',
    params: ProductParams,
    body: ChangedProductSchema,
    answers: { 200: ManagedProductSchema },
    errors: ['PRODUCT_NOT_FOUND', 'PRODUCT_CHANGED', 'SLUG_TAKEN'],
    handle: ({ db, actor, params, body: { version, ...form }, request }) =>
      db.write(async (tx) => {
        const id = productIdOf(params.product);
        await changeProduct(tx, {
          id,
          version,
          form,
          act: { actor, requestId: request.id, at: new Date() },
        });
        return managedProduct(tx, id);
      }),
  }),
];

const routesThatPlace = [
  route({
    method: 'PATCH',
    path: '/dashboard/products/:product/status',
    audience: 'staff',
    ability: 'products.manage',
    summary: 'Puts a product on sale or takes it off; an archived one is back',
    params: ProductParams,
    body: Type.Object({
      status: Type.Enum(['active', 'inactive']),
      version: Type.Integer({ minimum: 1 }),
    }),
    answers: { 200: ManagedProductSchema },
    errors: ['PRODUCT_NOT_FOUND', 'PRODUCT_CHANGED'],
    handle: ({ db, actor, params, body: { status, version }, request }) =>
      db.write(async (tx) => {
        const id = productIdOf(params.product);
        const act = { actor, requestId: request.id, at: new Date() };
        await switchProduct(tx, { id, version, active: status === 'active', act });
        return managedProduct(tx, id);
      }),
  }),
  route({
    method: 'PUT',
    path: '/dashboard/products/order',
    audience: 'staff',
    ability: 'products.manage',
    summary: 'Lets products take one another’s places, so that they stand in this order',
    body: Type.Object({
      products: Type.Array(Type.String(), { minItems: 2, maxItems: ARRANGED_MAX, uniqueItems: true }),
    }),
    answers: { 204: Type.Null() },
    errors: ['PRODUCT_NOT_FOUND'],
    handle: async ({ db, actor, body: { products }, request, reply }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      await db.write((tx) => arrangeProducts(tx, { products, act }));
      return reply.status(204).send();
    },
  }),
];

function routeThatRemoves(media: MediaDisk): Route {
  return route({
    method: 'DELETE',
    path: '/dashboard/products/:product',
    audience: 'staff',
    ability: 'products.manage',
    summary: 'Deletes a product, or archives it when it was ever ordered',
    params: ProductParams,
    answers: { 200: Type.Object({ outcome: Type.Enum(['deleted', 'archived']) }) },
    errors: ['PRODUCT_NOT_FOUND'],
    handle: async ({ db, actor, params, request }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      const { outcome, files } = await removeProduct(db, { id: productIdOf(params.product), act });
      await removeFiles(media, files, request);
      return { outcome };
    },
  });
}
