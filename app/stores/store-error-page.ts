import type { Problem } from '#core/http/problem.ts';
import type { Store } from './store-view.ts';
import { storeRoot, type StorePage } from './theme-renderer.ts';

const NOT_FOUND = 404;

/** A problem as a page in the store's theme. `path` is what was asked for. */
export function storeErrorPage(
  store: Store,
  problem: Problem,
  { origin, path }: { readonly origin: string; readonly path: string },
): StorePage {
  const { status, code, title, help, requestId } = problem;
  return {
    template: status === NOT_FOUND ? '404' : '500',
    store,
    origin,
    path: path || storeRoot(store.slug),
    title,
    description: help,
    indexed: false,
    navigation: [],
    content: { problem: { status, code, title, help, request_id: requestId } },
  };
}
