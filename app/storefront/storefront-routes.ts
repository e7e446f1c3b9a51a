import { Type } from 'typebox';
import type { FastifyRequest } from 'fastify';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { Route } from '#core/http/route.ts';
import { categories, productBySlug, productList } from '../catalog/product-queries.ts';
import { route } from '../route.ts';
import { originOf, StorePages } from './store-pages.ts';
import type { StoreConfig } from '../stores/store-queries.ts';
import type { Themes } from './theme-renderer.ts';
import { storefrontFileRoutes } from './storefront-file-routes.ts';
import {
  cartPage,
  categoryPage,
  checkoutPage,
  homePage,
  productPage,
  searchPage,
  type Visit,
} from './storefront-pages.ts';

const HOME_PRODUCTS_MAX = 60;
const PAGE_PRODUCTS_MAX = 24;
const TEXT_LENGTH_MAX = 200;

const StoreParams = Type.Object({ store: Type.String() });
const CategoryParams = Type.Object({ store: Type.String(), category: Type.String() });
const ProductParams = Type.Object({ store: Type.String(), slug: Type.String() });
const Text = Type.Optional(Type.String({ maxLength: TEXT_LENGTH_MAX }));

const browsing = { method: 'GET', audience: 'storefront', ability: 'store.browse' } as const;

/** The pages on which customers browse and order, and the files that belong to them. */
export function storefrontRoutes(themes: Themes): Route[] {
  const pages = new StorePages(themes);
  return [...shelfRoutes(pages), ...orderingRoutes(pages), ...storefrontFileRoutes(themes)];
}

function shelfRoutes(pages: StorePages): Route[] {
  return [
    route({
      ...browsing,
      path: '/s/:store',
      summary: 'A store’s home page',
      params: StoreParams,
      handle: ({ db, store, ...visitor }) =>
        pages.sendKept(visitor, async () => {
          const list = { currency: store.currency, limit: HOME_PRODUCTS_MAX };
          const [visit, products] = await db.read((tx) =>
            Promise.all([visitOf(tx, store, visitor.request), productList(tx, list)]),
          );
          return homePage(visit, products);
        }),
    }),
    route({
      ...browsing,
      path: '/s/:store/c/:category',
      summary: 'The products of a category',
      params: CategoryParams,
      query: Type.Object({ cursor: Text }),
      handle: ({ db, store, params: { category }, query: { cursor }, ...visitor }) =>
        pages.sendKept(visitor, async () => {
          const list = { currency: store.currency, category, cursor, limit: PAGE_PRODUCTS_MAX };
          const [visit, products] = await db.read((tx) =>
            Promise.all([visitOf(tx, store, visitor.request), productList(tx, list)]),
          );
          return categoryPage(visit, category, products);
        }),
    }),
    route({
      ...browsing,
      path: '/s/:store/p/:slug',
      summary: 'A product',
      params: ProductParams,
      handle: ({ db, store, params: { slug }, ...visitor }) =>
        pages.sendKept(visitor, async () => {
          const wanted = { slug, currency: store.currency };
          const [visit, product] = await db.read((tx) =>
            Promise.all([visitOf(tx, store, visitor.request), productBySlug(tx, wanted)]),
          );
          return productPage(visit, product);
        }),
    }),
  ];
}

function orderingRoutes(pages: StorePages): Route[] {
  return [
    route({
      ...browsing,
      path: '/s/:store/search',
      summary: 'What a customer looks for',
      params: StoreParams,
      query: Type.Object({ q: Text, cursor: Text }),
      handle: async ({ db, store, query, request, reply }) => {
        const terms = query.q?.trim() ?? '';
        const list = { currency: store.currency, q: terms, cursor: query.cursor, limit: PAGE_PRODUCTS_MAX };
        const [visit, products] = await db.read((tx) =>
          Promise.all([visitOf(tx, store, request), terms === '' ? null : productList(tx, list)]),
        );
        return pages.send(reply, searchPage(visit, terms, products));
      },
    }),
    route({
      ...browsing,
      path: '/s/:store/cart',
      summary: 'The cart',
      params: StoreParams,
      handle: ({ db, store, ...visitor }) =>
        pages.sendKept(visitor, async () =>
          cartPage(await db.read((tx) => visitOf(tx, store, visitor.request))),
        ),
    }),
    route({
      ...browsing,
      path: '/s/:store/checkout',
      summary: 'The checkout',
      params: StoreParams,
      handle: ({ db, store, ...visitor }) =>
        pages.sendKept(visitor, async () =>
          checkoutPage(await db.read((tx) => visitOf(tx, store, visitor.request))),
        ),
    }),
  ];
}

async function visitOf(
  tx: TenantTx<StoreTenant>,
  store: StoreConfig,
  request: FastifyRequest,
): Promise<Visit> {
  return { store, origin: originOf(request), categories: await categories(tx) };
}
