import type { ChannelCache, Shelf } from '#core/cache/channel-cache.ts';
import type { Database } from '#core/db/database.ts';
import type { StoreTenant } from '#core/db/tenant.ts';
import { storeChannel } from './store-channels.ts';
import { storeConfig, storeTenantBySlug, type StoreConfig } from './store-queries.ts';

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const SLUG_LENGTH_MAX = 60;
/** Slugs whose stores are remembered; beyond that, all are looked up again. */
const SLUGS_MAX = 10_000;

/** Finds stores by their slug, from memory most of the time. */
export interface StoreDirectory {
  /** Null when no store has this slug. */
  bySlug(slug: string): Promise<StoreConfig | null>;
}

export function storeDirectory(database: Database, cache: ChannelCache): StoreDirectory {
  const tenants = new Map<string, StoreTenant>();
  const tenantOf = async (slug: string): Promise<StoreTenant | null> => {
    const known = tenants.get(slug);
    if (known) return known;
    const tenant = await storeTenantBySlug(database, slug);
    // A slug that nobody has is not remembered: the store may be opened the next moment.
    if (tenant) tenants.set(slug, tenant);
    return tenant;
  };
  return {
    bySlug: async (slug) => {
      if (slug.length > SLUG_LENGTH_MAX || !SLUG.test(slug)) return null;
      if (tenants.size >= SLUGS_MAX) tenants.clear();
      const tenant = await tenantOf(slug);
      if (!tenant) return null;
      return shelfOf(cache, tenant).get('store', () => database.tenant(tenant).read(storeConfig));
    },
  };
}

/** What is kept of a store until something on its storefront changes. */
export function shelfOf(cache: ChannelCache, tenant: StoreTenant): Shelf {
  return cache.of(tenant, storeChannel(tenant.storeId, 'catalog'));
}
