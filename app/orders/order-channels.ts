import { idBehind, type StoreId } from '#core/values/ids.ts';
import { storeChannel } from '../stores/store-channels.ts';

/** The channel that a store's staff listen to. */
export function storeOrdersChannel(storeId: StoreId): string {
  return storeChannel(storeId, 'orders');
}

/** The channel of one order, for whoever holds its token. */
export function customerOrderChannel(publicId: string): string {
  return `customer.${publicId}.order`;
}

export type OrderChannel =
  | { readonly kind: 'store_orders'; readonly storeId: StoreId }
  | { readonly kind: 'customer_order'; readonly publicId: string };

/** What a channel's name asks for, or null when it is not one of the orders'. Says nothing about who may listen. */
export function orderChannel(name: string): OrderChannel | null {
  const [owner, id, topic, ...rest] = name.split('.');
  if (!id || rest.length > 0) return null;
  if (owner === 'customer' && topic === 'order') return { kind: 'customer_order', publicId: id };
  if (owner !== 'store' || topic !== 'orders') return null;
  const storeId = idBehind<StoreId>('st', id);
  return storeId === null ? null : { kind: 'store_orders', storeId };
}
