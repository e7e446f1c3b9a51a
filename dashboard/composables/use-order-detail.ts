import { shallowRef, watch, type Ref } from 'vue';
import type { BoardOrder, OrderDetail } from '#app/orders/order-view.ts';
import { api } from '../api.ts';

const PATIENCE_MS = 8_000;

/** Fetches what the panel shows of an order beyond its card, anew with each version of it. */
export function useOrderDetail(opened: Readonly<Ref<BoardOrder | null>>) {
  const detail = shallowRef<OrderDetail | null>(null);
  const failure = shallowRef<string | null>(null);

  async function load(): Promise<void> {
    const id = opened.value?.public_id;
    if (id !== detail.value?.public_id) detail.value = null;
    failure.value = null;
    if (!id) return;
    try {
      const loaded = await api<OrderDetail>(`/dashboard/orders/${id}.json`, { patienceMs: PATIENCE_MS });
      if (opened.value?.public_id === id) detail.value = loaded;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (opened.value?.public_id === id) failure.value = error.message;
    }
  }

  watch(() => opened.value && `${opened.value.public_id} ${opened.value.version}`, load, { immediate: true });
  return { detail, failure, load };
}
