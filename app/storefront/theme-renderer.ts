import { createTemplates, type Templates } from '#core/http/liquid.ts';
import { StoreSchema, type Store } from '../stores/store-view.ts';
import type { StorefrontAssets } from './storefront-assets.ts';
import { themeFilters, type PageGlobals } from './theme-filters.ts';
import { text, themeTexts, type TextTree } from './theme-texts.ts';

/** What a storefront page is made of. */
export interface StorePage {
  readonly template: string;
  readonly store: Store;
  /** Scheme and host that the visitor used, for canonical addresses. */
  readonly origin: string;
  /** The page's own address on this server, without what is only a view of it (cursors). */
  readonly path: string;
  /** A name of what is shown, or a phrase of the theme; null on the home page, whose title is the store's name. */
  readonly title: string | { readonly phrase: string } | null;
  readonly description: string;
  /** For pictures of links to this page. */
  readonly image?: string | undefined;
  /** Whether search engines may list it. */
  readonly indexed: boolean;
  /** Categories and whatever else the header shows on every page. */
  readonly navigation: readonly { readonly slug: string; readonly name: string }[];
  /** What the template shows. */
  readonly content: object;
}

export interface Themes {
  /** The page as HTML, in the store's theme. */
  render(page: StorePage): string;
  /** The built files that the themes refer to. */
  readonly assets: StorefrontAssets;
}

interface ThemeOptions {
  /** The folder of the themes; `base` is what each of them builds on. */
  readonly folder: string;
  readonly assets: StorefrontAssets;
  /** Keep parsed templates and texts; off while somebody edits them. */
  readonly cache: boolean;
}

const BASE_THEME = 'base';

export function createThemes({ folder, assets, cache }: ThemeOptions): Themes {
  const filters = themeFilters(assets);
  const themes = new Map<string, Theme>();
  const themeOf = ({ theme, locale }: Store): Theme => {
    const folders = [`${folder}/${theme}`, `${folder}/${BASE_THEME}`];
    const name = `${theme} ${locale}`;
    const known = cache ? themes.get(name) : undefined;
    if (known) return known;
    const templates = createTemplates({ folders, filters, cache });
    const made = { templates, texts: themeTexts(folders, locale) };
    themes.set(name, made);
    return made;
  };
  return { assets, render: (page) => renderPage(page, themeOf(page.store), assets) };
}

interface Theme extends Pick<PageGlobals, 'texts'> {
  readonly templates: Templates;
}

function renderPage(page: StorePage, { templates, texts }: Theme, assets: StorefrontAssets): string {
  const store = publicFields(page.store);
  const image = page.image ?? assets.urlOf('social.png', store.theme);
  const head = { ...headOf(page, texts), image: new URL(image, page.origin).href };
  const globals = { store, texts, routes: routesOf(store), navigation: page.navigation, page: head };
  return templates.render(page.template, page.content, globals);
}

function headOf(page: StorePage, texts: TextTree): object {
  const { template, origin, path, title, description, indexed } = page;
  return {
    template,
    path,
    description,
    indexed,
    is_home: title === null,
    title: titleOf(page, texts),
    url: new URL(path, origin).href,
  };
}

function titleOf({ title, store }: StorePage, texts: TextTree): string {
  if (title === null) return store.name;
  const { locale } = store;
  const name = typeof title === 'string' ? title : text(texts, title.phrase, { values: {}, locale });
  return store.name === '' ? name : `${name} · ${store.name}`;
}

/** Addresses of a storefront's pages, for themes and islands. */
function routesOf({ slug, accent }: Store): Record<string, string> {
  const root = storeRoot(slug);
  return {
    root,
    cart: `${root}/cart`,
    checkout: `${root}/checkout`,
    search: `${root}/search`,
    manifest: `${root}/manifest.webmanifest`,
    colours: `${root}/colours.css?v=${accent.slice(1)}`,
    api: `/api/v1/stores/${slug}`,
  };
}

/** Where a store's pages begin. */
export function storeRoot(slug: string): string {
  return `/s/${slug}`;
}

/** Handlers carry more of a store than its public view; templates get only that. */
function publicFields(store: Store): Store {
  const names = Object.keys(StoreSchema.properties) as (keyof Store)[];
  return Object.fromEntries(names.map((name) => [name, store[name]])) as Store;
}
