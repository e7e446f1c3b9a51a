import { formatMoney } from '#core/values/format.ts';

/** The store that the page belongs to, as its layout writes it on `<body>` and `<html lang>`. */
export interface Shop {
  readonly slug: string;
  readonly root: string;
  readonly api: string;
  readonly currency: string;
  readonly timezone: string;
  readonly locale: string;
}

export function shopOfPage(): Shop {
  const { store = '', root = '', api = '', currency = 'USD', timezone = 'UTC' } = document.body.dataset;
  return { slug: store, root, api, currency, timezone, locale: document.documentElement.lang || 'en' };
}

/** An amount as the store writes it. */
export function money(cents: number): string {
  const { currency, locale } = shopOfPage();
  return formatMoney(cents, currency, locale);
}
