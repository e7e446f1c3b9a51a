import type { FastifyReply } from 'fastify';
import { Type, type Static } from 'typebox';
import type { Shelf } from '#core/cache/channel-cache.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import {
  categories,
  productBySlug,
  productList,
  PRODUCTS_PER_PAGE,
  PRODUCTS_PER_PAGE_MAX,
} from './product-queries.ts';
import { CategorySchema, ProductListSchema, ProductSchema } from './product-view.ts';

const TEXT_LENGTH_MAX = 200;

const StoreParams = Type.Object({ store: Type.String() });
const ListQuery = Type.Object({
  category: Type.Optional(
    Type.String({ maxLength: TEXT_LENGTH_MAX, description: 'Slug; products of its sub-categories too' }),
  ),
  q: Type.Optional(
    Type.String({
      maxLength: TEXT_LENGTH_MAX,
      description: 'Words or their beginnings, best first; parts of words and slips when these are nowhere',
    }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: TEXT_LENGTH_MAX, description: 'next_cursor of the page before' }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: PRODUCTS_PER_PAGE_MAX, default: PRODUCTS_PER_PAGE }),
});

export const catalogRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/stores/:store/products',
    audience: 'storefront',
    ability: 'store.browse',
    summary: 'What the store sells, a page at a time',
    params: StoreParams,
    query: ListQuery,
    answers: { 200: ProductListSchema },
    handle: ({ db, store, shelf, query, reply }) => {
      const list = () => db.read((tx) => productList(tx, { ...query, currency: store.currency }));
      return isUsual(query) ? sendKept(reply, shelf, `products ${query.category ?? ''}`, list) : list();
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/stores/:store/products/:slug',
    audience: 'storefront',
    ability: 'store.browse',
    summary: 'One product',
    params: Type.Object({ store: Type.String(), slug: Type.String() }),
    answers: { 200: ProductSchema },
    errors: ['PRODUCT_NOT_FOUND'],
    handle: ({ db, store, shelf, params: { slug }, reply }) =>
      sendKept(reply, shelf, `product ${slug}`, async () => {
        const product = await db.read((tx) => productBySlug(tx, { slug, currency: store.currency }));
        if (!product) throw refusal('PRODUCT_NOT_FOUND', `The store sells no product called "${slug}".`);
        return product;
      }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/stores/:store/categories',
    audience: 'storefront',
    ability: 'store.browse',
    summary: 'The categories that the store sells from',
    params: StoreParams,
    answers: { 200: Type.Object({ data: Type.Array(CategorySchema), next_cursor: Type.Null() }) },
    handle: async ({ db }) => ({ data: await db.read(categories), next_cursor: null }),
  }),
];

/** What everyone asks for, which is worth keeping. Searches and further pages are without number: keeping them would fill the memory. */
function isUsual({ q, cursor, limit }: Static<typeof ListQuery>): boolean {
  return q === undefined && cursor === undefined && limit === PRODUCTS_PER_PAGE;
}

/** Sends an answer as bytes that are made once and kept until something on the store's shelf changes. */
async function sendKept(
  reply: FastifyReply,
  shelf: Shelf,
  name: string,
  make: () => Promise<object>,
): Promise<FastifyReply> {
  const bytes = await shelf.get(name, async () => Buffer.from(JSON.stringify(await make())));
  return reply.type('application/json; charset=utf-8').send(bytes);
}
