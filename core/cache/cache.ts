import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';

const MEMORY_MAX = '64mb';
const ITEMS_MAX = 20_000;

/** The node's cache: many callers of one missing key share one read, and `deleteByTag` forgets a whole group. */
export function createCache() {
  return new BentoCache({
    default: 'memory',
    stores: { memory: bentostore().useL1Layer(memoryDriver({ maxSize: MEMORY_MAX, maxItems: ITEMS_MAX })) },
  });
}

export type Cache = ReturnType<typeof createCache>;
