import { plainText } from '#core/values/plain-text.ts';
import type { Category, Product, ProductList } from '../catalog/product-view.ts';
import { refusal } from '../errors.ts';
import { SafeHtml } from './theme-filters.ts';
import { storeRoot, type StorePage } from './theme-renderer.ts';
import type { Store } from '../stores/store-view.ts';
import { productStructuredData } from './product-structured-data.ts';

/** A shelf of the home page shows at most this many; the rest is in its category. */
const SHELF_PRODUCTS_MAX = 12;
/** What search engines show of a description. In characters. */
const DESCRIPTION_LENGTH_MAX = 160;

/** What all pages of a visit share. */
export interface Visit {
  readonly store: Store;
  readonly origin: string;
  readonly categories: readonly Category[];
}

interface Shelf {
  readonly category: Category | null;
  readonly products: readonly Product[];
  /** Whether the category has more than is shown. */
  readonly more: boolean;
}

export function homePage(visit: Visit, { data, next_cursor }: ProductList): StorePage {
  const picture = data.find(({ available, images }) => available && images.length > 0)?.images[0];
  const shelves = shelvesOf(data, visit.categories, next_cursor !== null);
  return {
    ...page(visit, { template: 'index', path: '', title: null }),
    image: picture?.url,
    content: { picture, shelves },
  };
}

/** Refuses a category that the store does not have. */
export function categoryPage(visit: Visit, slug: string, { data, next_cursor }: ProductList): StorePage {
  const { store, categories } = visit;
  const category = categories.find((candidate) => candidate.slug === slug);
  if (!category) throw refusal('CATEGORY_NOT_FOUND', 'There is no such category at this store.');
  const path = `/c/${slug}`;
  return {
    ...page(visit, { template: 'collection', path, title: category.name }),
    image: data[0]?.images[0]?.url,
    content: {
      category,
      products: data,
      parent: categories.find((candidate) => candidate.slug === category.parent),
      children: categories.filter(({ parent }) => parent === slug),
      next_url: nextUrl(`${storeRoot(store.slug)}${path}`, { cursor: next_cursor }),
    },
  };
}

/** Without products nothing was looked for yet. */
export function searchPage(visit: Visit, terms: string, products: ProductList | null): StorePage {
  const { data, next_cursor } = products ?? { data: [], next_cursor: null };
  const address = `${storeRoot(visit.store.slug)}/search`;
  return {
    ...page(visit, { template: 'search', path: '/search', title: { phrase: 'search.title' } }),
    indexed: false,
    content: { terms, products: data, next_url: nextUrl(address, { q: terms, cursor: next_cursor }) },
  };
}

/** Refuses when the store has no such product. */
export function productPage(visit: Visit, product: Product | null): StorePage {
  if (!product) throw refusal('PRODUCT_NOT_FOUND', 'There is no such product at this store.');
  const about = page(visit, { template: 'product', path: `/p/${product.slug}`, title: product.name });
  const { description, ...offer } = product;
  return {
    ...about,
    description: excerpt(description) || about.description,
    image: product.images[0]?.url,
    content: {
      offer,
      product: { ...product, description: new SafeHtml(description) },
      has_description: description !== '',
      structured_data: productStructuredData(product, visit.store, {
        origin: visit.origin,
        path: about.path,
      }),
    },
  };
}

export function cartPage(visit: Visit): StorePage {
  return {
    ...page(visit, { template: 'cart', path: '/cart', title: { phrase: 'cart.title' } }),
    indexed: false,
  };
}

export function checkoutPage(visit: Visit): StorePage {
  return {
    ...page(visit, { template: 'page.checkout', path: '/checkout', title: { phrase: 'checkout.title' } }),
    indexed: false,
  };
}

function page(
  { store, origin, categories }: Visit,
  { template, path, title }: Pick<StorePage, 'template' | 'path' | 'title'>,
): StorePage {
  return {
    template,
    store,
    origin,
    title,
    indexed: true,
    content: {},
    path: `${storeRoot(store.slug)}${path}`,
    description: store.tagline || store.name,
    navigation: categories.filter(({ parent }) => parent === null),
  };
}

/** Products on the shelves of their top categories, in the merchant's order of both; products without a category stand last. */
export function shelvesOf(
  products: readonly Product[],
  categories: readonly Category[],
  listGoesOn: boolean,
): Shelf[] {
  const tops = categories.filter(({ parent }) => parent === null);
  return [...tops, null]
    .map((category) => ({
      category,
      members: products.filter((product) => topOf(product, categories) === (category?.slug ?? null)),
    }))
    .filter(({ members }) => members.length > 0)
    .map(({ category, members }) => ({
      category,
      products: members.slice(0, SHELF_PRODUCTS_MAX),
      more: listGoesOn || members.length > SHELF_PRODUCTS_MAX,
    }));
}

/** The slug of the category at the top of the product's branch. */
function topOf({ category }: Product, categories: readonly Category[]): string | null {
  let slug = category?.slug ?? null;
  // A branch is at most as long as there are categories, even if the tree should loop.
  for (const _ of categories) {
    const parent = categories.find((candidate) => candidate.slug === slug)?.parent;
    if (!parent) return slug;
    slug = parent;
  }
  return slug;
}

function nextUrl(address: string, query: { q?: string; cursor: string | null }): string | null {
  if (query.cursor === null) return null;
  return `${address}?${new URLSearchParams(query as Record<string, string>).toString()}`;
}

/** The beginning of a description as plain text, cut at a word. */
function excerpt(html: string): string {
  const plain = plainText(html);
  if (plain.length <= DESCRIPTION_LENGTH_MAX) return plain;
  return `${plain.slice(0, DESCRIPTION_LENGTH_MAX).replace(/\s+\S*$/, '')} …`;
}
