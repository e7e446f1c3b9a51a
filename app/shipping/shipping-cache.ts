import type { StoreTenant } from '#core/db/tenant.ts';
import type { ShippingLookup } from './shipping-lookup.ts';

export interface CachedLookup {
  readonly version: number;
  readonly lookup: ShippingLookup;
  /** Length of the JSON it was parsed from, in characters: what it costs to keep. */
  readonly size: number;
}

/** What all kept lookups may have in common, in characters of JSON: a few thousand stores of usual rules, or thirty of very long ones. */
const SIZE_MAX = 16_000_000;

const kept = new Map<string, CachedLookup>();
let size = 0;

/** The lookup that was parsed last for the store. Whether it is still the newest, only the database knows. */
export function cachedLookup(store: StoreTenant): CachedLookup | undefined {
  const key = keyOf(store);
  const cached = kept.get(key);
  // Taken out and put back last: the first of the map is the one that was not asked for the longest.
  if (cached && kept.delete(key)) kept.set(key, cached);
  return cached;
}

export function cacheLookup(store: StoreTenant, cached: CachedLookup): void {
  drop(keyOf(store));
  kept.set(keyOf(store), cached);
  size += cached.size;
  for (const key of kept.keys()) {
    if (size <= SIZE_MAX) return;
    drop(key);
  }
}

function drop(key: string): void {
  size -= kept.get(key)?.size ?? 0;
  kept.delete(key);
}

function keyOf({ merchantId, storeId }: StoreTenant): string {
  return `${merchantId}:${storeId}`;
}
