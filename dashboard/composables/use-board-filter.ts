import { useUrlSearchParams } from '@vueuse/core';
import { computed } from 'vue';
import type { BoardOrder } from '#app/orders/order-view.ts';

export type FulfilmentFilter = 'all' | 'pickup' | 'shipping';

/** Chooses which orders the board shows. Kept in the address, so that a screen can be bookmarked with its filter. */
export function useBoardFilter() {
  const params = useUrlSearchParams<{ show?: string; q?: string }>('history', { removeFalsyValues: true });
  const fulfilment = computed<FulfilmentFilter>({
    get: () => (params.show === 'pickup' || params.show === 'shipping' ? params.show : 'all'),
    set: (value) => (params.show = value === 'all' ? '' : value),
  });
  const text = computed({ get: () => params.q ?? '', set: (value) => (params.q = value) });
  const words = computed(() => text.value.toLowerCase().split(/\s+/).filter(Boolean));

  const fits = (order: BoardOrder) =>
    (fulfilment.value === 'all' || order.fulfilment_type === fulfilment.value) &&
    words.value.every((word) => searchableText(order).includes(word));

  return {
    fulfilment,
    text,
    fits,
    isOn: computed(() => fulfilment.value !== 'all' || words.value.length > 0),
  };
}

function searchableText(order: BoardOrder): string {
  const { order_number, customer_name, notes, items } = order;
  return [order_number, customer_name, notes, ...items.flatMap(({ name, variant }) => [name, variant])]
    .join(' ')
    .toLowerCase();
}
