import { router, usePage } from '@inertiajs/vue3';
import { watchDebounced } from '@vueuse/core';
import { computed, ref, watch } from 'vue';
import type { OrderStatus } from '#app/orders/order.ts';
import type { OrderHistoryProps } from '../page-props.ts';

const PATH = '/dashboard/orders';
const TYPING_PAUSE_MS = 250;

/** The filter and the page of the order history. They live in the address, so that they survive a reload and can be passed on. */
export function useHistoryQuery(filter: () => OrderHistoryProps['filter']) {
  const page = usePage();
  const isLoading = ref(false);
  const search = ref(filter().search);
  const status = computed({
    get: () => filter().status,
    set: (value) => visit({ status: value, search: search.value }),
  });

  function visit(query: { status: OrderStatus | null; search: string; cursor?: string | null }): void {
    const data = Object.fromEntries(Object.entries(query).filter(([, value]) => value));
    router.get(PATH, data, {
      only: ['orders', 'next_cursor', 'filter'],
      preserveState: true,
      replace: query.cursor === undefined,
      onStart: () => (isLoading.value = true),
      onFinish: () => (isLoading.value = false),
    });
  }

  const searchNow = () => {
    if (search.value !== filter().search) visit({ status: filter().status, search: search.value });
  };
  watchDebounced(search, searchNow, { debounce: TYPING_PAUSE_MS });
  // Going back in the browser brings the filter of then.
  watch(
    () => filter().search,
    (value) => (search.value = value),
  );

  return {
    isLoading,
    search,
    status,
    isBeyondFirst: computed(() => new URLSearchParams(page.url.split('?')[1]).has('cursor')),
    toPage: (cursor: string | null) => visit({ ...filter(), cursor }),
    clear: () => visit({ status: null, search: '' }),
  };
}
