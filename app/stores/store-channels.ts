import { opaqueId, type StoreId } from '#core/values/ids.ts';

/** What the channels of a store are about. */
export const STORE_TOPICS = ['orders', 'catalog', 'notifications'] as const;

export type StoreTopic = (typeof STORE_TOPICS)[number];

/** A store's channel, e.g. `store.st_k3JdXa0Q.orders`. */
export function storeChannel(storeId: StoreId, topic: StoreTopic): string {
  return `store.${opaqueId('st', storeId)}.${topic}`;
}
