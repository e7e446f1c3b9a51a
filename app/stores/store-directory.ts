import type { Cache } from '#core/cache/cache.ts';
import type { Database } from '#core/db/database.ts';
import { storeConfig, storeTenantBySlug, type StoreConfig } from './store-queries.ts';

/** How long a store's configuration may be out of date on a node that missed the change. */
const CONFIG_TTL = '30s';
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const SLUG_LENGTH_MAX = 60;

/** Finds stores by their slug, from memory most of the time. */
export interface StoreDirectory {
  /** Null when no store has this slug. */
  bySlug(slug: string): Promise<StoreConfig | null>;
}

export function storeDirectory(database: Database, cache: Cache): StoreDirectory {
  return {
    bySlug: async (slug) => {
      if (slug.length > SLUG_LENGTH_MAX || !SLUG.test(slug)) return null;
      return cache
        .getOrSet({
          key: `store:${slug}`,
          ttl: CONFIG_TTL,
          // A slug that nobody has is not kept: the store may be opened the next moment.
          factory: async ({ skip }) => (await readStore(database, slug)) ?? skip(),
        })
        .then((store) => store ?? null);
    },
  };
}

async function readStore(database: Database, slug: string): Promise<StoreConfig | null> {
  const tenant = await storeTenantBySlug(database, slug);
  return tenant && database.tenant(tenant).read(storeConfig);
}
