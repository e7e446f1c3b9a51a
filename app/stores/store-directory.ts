import type { ChannelCache, Shelf } from '#core/cache/channel-cache.ts';
import type { Database } from '#core/db/database.ts';
import type { StoreTenant } from '#core/db/tenant.ts';
import { storeChannel } from './store-channels.ts';
import { storeConfig, storeTenantBySlug, type StoreConfig } from './store-queries.ts';

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const SLUG_LENGTH_MAX = 60;
/** Slugs whose stores are remembered; when there are more, the one that was found first goes. */
const SLUGS_MAX = 50_000;

/** A store, and what is kept of it until something on its storefront changes. */
export interface FoundStore {
  readonly store: StoreConfig;
  readonly shelf: Shelf;
}

/** Finds stores by their slug, from memory most of the time. */
export interface StoreDirectory {
  /** Null when no store has this slug. */
  bySlug(slug: string): Promise<FoundStore | null>;
}

interface Place {
  readonly tenant: StoreTenant;
  readonly channel: string;
}

export function storeDirectory(database: Database, cache: ChannelCache): StoreDirectory {
  const places = new Map<string, Place>();
  const placeOf = async (slug: string): Promise<Place | null> => {
    const known = places.get(slug);
    if (known) return known;
    const tenant = await storeTenantBySlug(database, slug);
    // A slug that nobody has is not remembered: the store may be opened the next moment.
    if (!tenant) return null;
    const place = { tenant, channel: storeChannel(tenant.storeId, 'catalog') };
    places.set(slug, place);
    const [first] = places.keys();
    if (places.size > SLUGS_MAX && first !== undefined) places.delete(first);
    return place;
  };
  return {
    bySlug: async (slug) => {
      if (slug.length > SLUG_LENGTH_MAX || !SLUG.test(slug)) return null;
      const place = await placeOf(slug);
      if (!place) return null;
      const shelf = cache.of(place.tenant, place.channel);
      const store = await shelf.get('store', () => database.tenant(place.tenant).read(storeConfig));
      return { store, shelf };
    },
  };
}
