import type { Problem } from '#core/http/problem.ts';
import type { Store } from '../stores/store-view.ts';
import type { StorePage } from './theme-renderer.ts';

const NOT_FOUND = 404;

/** Where nobody knows which store was meant: the plainest theme, and no name. */
const NO_STORE: Store = {
  id: '',
  slug: '',
  name: '',
  tagline: '',
  theme: 'minimal',
  accent: '#0f766e',
  currency: 'USD',
  country: 'US',
  locale: 'en',
  timezone: 'UTC',
  phone: null,
  address: null,
  pickup: false,
  shipping: false,
  shipping_countries: [],
  preparation_minutes: 0,
};

/** A problem as a page in the store's theme, or in none when the store is not known. `path` is what was asked for. */
export function storeErrorPage(
  store: Store | null,
  problem: Problem,
  { origin, path }: { readonly origin: string; readonly path: string },
): StorePage {
  const { status, code, title, help, requestId } = problem;
  return {
    template: store ? themed(status) : 'error',
    store: store ?? NO_STORE,
    origin,
    path,
    title,
    description: help,
    indexed: false,
    navigation: [],
    content: { problem: { status, code, title, help, request_id: requestId } },
  };
}

function themed(status: number): string {
  return status === NOT_FOUND ? '404' : '500';
}
