import type { Context, FilterImplOptions } from 'liquidjs';
import { formatDuration, formatMoment, formatMoney } from '#core/values/format.ts';
import type { StorefrontAssets } from './storefront-assets.ts';
import type { Store } from '../stores/store-view.ts';
import { text, textAt, type TextTree } from './theme-texts.ts';

/** What every page of a storefront knows, and the filters rely on. */
export interface PageGlobals {
  readonly store: Store;
  readonly texts: TextTree;
}

/** HTML that was sanitised when it was stored. Only what is wrapped in this may leave a template unescaped. */
export class SafeHtml {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

/** The filters of a theme, besides those that come with Liquid. */
export function themeFilters(assets: StorefrontAssets): Record<string, FilterImplOptions> {
  return {
    money: forPage(({ store }, amount, currency) =>
      formatMoney(Number(amount), String(currency ?? store.currency), store.locale),
    ),
    moment: forPage(({ store }, at) => formatMoment(new Date(String(at)), store, new Date())),
    duration: forPage(({ store }, minutes) => formatDuration(Number(minutes), store.locale)),
    countries: forPage(({ store }, codes) => countriesByName([codes].flat().map(String), store.locale)),
    t: forPage(({ store, texts }, name, ...values) =>
      text(texts, String(name), { values: namedValues(values), locale: store.locale }),
    ),
    texts: forPage(({ texts }, ...names) =>
      Object.assign({}, ...names.map((name) => textAt(texts, String(name)))),
    ),
    initial: (name: unknown) => firstLetter(String(name)),
    asset_url: forPage(({ store }, name) => assets.urlOf(String(name), store.theme)),
    script_tags: { raw: true, handler: (name: unknown) => scriptTags(assets.scriptOf(String(name))) },
    script_json: { raw: true, handler: (value: unknown) => scriptJson(value) },
    safe_html: { raw: true, handler: (value: unknown) => (value instanceof SafeHtml ? value.html : '') },
  };
}

function forPage(filter: (page: PageGlobals, ...input: unknown[]) => unknown) {
  return function onPage(this: { readonly context: Context }, ...input: unknown[]): unknown {
    return filter(this.context.globals as unknown as PageGlobals, ...input);
  };
}

/** Liquid hands named arguments to filters as pairs. */
function namedValues(pairs: readonly unknown[]): Record<string, string | number> {
  return Object.fromEntries(pairs.filter((pair) => Array.isArray(pair)) as [string, string | number][]);
}

function countriesByName(codes: readonly string[], locale: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  const { compare } = new Intl.Collator(locale);
  return codes
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .toSorted((a, b) => compare(a.name, b.name));
}

function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return first?.segment.toLocaleUpperCase() ?? '';
}

function scriptTags({ src, imports }: ReturnType<StorefrontAssets['scriptOf']>): string {
  const preloads = imports.map((file) => `<link rel="modulepreload" href="${file}">`);
  return [...preloads, `<script type="module" src="${src}"></script>`].join('\n');
}

/** JSON that cannot end the script element it stands in. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value ?? null).replaceAll('<', String.raw`\u003c`);
}
