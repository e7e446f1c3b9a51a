import { Type } from 'typebox';
import type { Route } from '#core/http/route.ts';
import { categories } from '../catalog/product-queries.ts';
import { productSlugs } from '../catalog/product-slugs.ts';
import { route } from '../route.ts';
import { storeColours } from './store-colours.ts';
import { originOf } from './store-pages.ts';
import type { Store } from '../stores/store-view.ts';
import { storeRoot, type Themes } from './theme-renderer.ts';

/** What the sitemap protocol allows in one file, less some for categories. */
const SITEMAP_PRODUCTS_MAX = 49_000;
const YEAR_S = 31_536_000;
const ICON_SIZES = [192, 512];

const StoreParams = Type.Object({ store: Type.String() });

/** What browsers and search engines fetch beside a storefront's pages. */
export function storefrontFileRoutes(themes: Themes): Route[] {
  return [
    route({
      method: 'GET',
      path: '/s/:store/colours.css',
      audience: 'storefront',
      ability: 'store.browse',
      summary: 'The store’s colours as a style sheet',
      params: StoreParams,
      // Pages name the accent in the address, so another colour is another file.
      handle: ({ store, reply }) =>
        reply
          .type('text/css; charset=utf-8')
          .header('cache-control', `public, max-age=${YEAR_S}, immutable`)
          .send(storeColours(store.accent)),
    }),
    route({
      method: 'GET',
      path: '/s/:store/manifest.webmanifest',
      audience: 'storefront',
      ability: 'store.browse',
      summary: 'What a phone needs to put the store on its home screen',
      params: StoreParams,
      handle: ({ store, reply }) =>
        reply.type('application/manifest+json').send(JSON.stringify(webManifest(store, themes))),
    }),
    route({
      method: 'GET',
      path: '/s/:store/sitemap.xml',
      audience: 'storefront',
      ability: 'store.browse',
      summary: 'The pages of a store for search engines',
      params: StoreParams,
      handle: async ({ db, store, shelf, request, reply }) => {
        const paths = await shelf.get('sitemap', () =>
          db.read(async (tx) => {
            const [all, slugs] = await Promise.all([categories(tx), productSlugs(tx, SITEMAP_PRODUCTS_MAX)]);
            return ['', ...all.map(({ slug }) => `/c/${slug}`), ...slugs.map((slug) => `/p/${slug}`)];
          }),
        );
        const root = `${originOf(request)}${storeRoot(store.slug)}`;
        return reply.type('application/xml; charset=utf-8').send(sitemap(root, paths));
      },
    }),
    route({
      method: 'GET',
      path: '/robots.txt',
      audience: 'anyone',
      ability: 'public.see',
      summary: 'What search engines should leave alone',
      handle: ({ reply }) => reply.type('text/plain; charset=utf-8').send(ROBOTS),
    }),
  ];
}

const ROBOTS = [
  '/api/',
  '/dashboard',
  '/login',
  '/o/',
  '/s/*/account',
  '/s/*/cart',
  '/s/*/checkout',
  '/s/*/search',
]
  .map((path) => `Disallow: ${path}`)
  .join('\n')
  .replace(/^/, 'User-agent: *\n')
  .concat('\n');

function webManifest(store: Store, { assets }: Themes): object {
  return {
    name: store.name,
    short_name: store.name,
    description: store.tagline,
    start_url: storeRoot(store.slug),
    scope: storeRoot(store.slug),
    display: 'standalone',
    background_color: '#ffffff',
    theme_color: store.accent,
    icons: ICON_SIZES.map((size) => ({
      src: assets.urlOf(`icon-${size}.png`, store.theme),
      sizes: `${size}x${size}`,
      type: 'image/png',
    })),
  };
}

/** Slugs hold nothing that XML would have to escape; the host might. */
function sitemap(root: string, paths: readonly string[]): string {
  const base = root.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const urls = paths.map((path) => `<url><loc>${base}${path}</loc></url>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.join('')}</urlset>\n`;
}
