import { computed, onScopeDispose, shallowReactive, shallowRef, watch } from 'vue';
import type { BoardOrder } from '#app/orders/order-view.ts';
import type { StreamEvent } from '#client/protocol.ts';
import { api } from '../api.ts';
import type { BoardProps, BoardSnapshot } from '../page-props.ts';
import {
  boardOf,
  moveAsked,
  moveSettled,
  pruned,
  received,
  replaced,
  shownOrder,
  shownOrders,
  type BoardState,
} from './board-state.ts';
import { perFrame } from './per-frame.ts';
import { useClock } from './use-clock.ts';
import { useChannel } from './use-realtime.ts';

/** A new order stands out this long. */
const FRESH_MS = 2_000;
/** Finished orders leave the board after as long as the server would leave them out. */
const FINISHED_SHOWN_MS = 12 * 3_600_000;
const SNAPSHOT_PATIENCE_MS = 60_000;

/** A type, not an interface: a payload has an index signature. */
type OrderPayload = { readonly order: BoardOrder };

/** The orders of a store's board, kept true by the store's channel. `onNew` is called when orders have come in, at most once a frame. */
export function useBoard(props: BoardProps, onNew: () => void) {
  const state = shallowRef<BoardState>(boardOf(props.orders));
  const fresh = shallowReactive(new Set<string>());

  const take = (next: BoardState) => {
    const arrived = [...next.orders.values()].filter(
      ({ public_id, status }) => status === 'pending' && !state.value.orders.has(public_id),
    );
    state.value = next;
    if (arrived.length === 0) return;
    for (const { public_id } of arrived) fresh.add(public_id);
    setTimeout(() => arrived.forEach(({ public_id }) => fresh.delete(public_id)), FRESH_MS);
    onNew();
  };

  const arrivals = perFrame<BoardOrder>((orders) => take(received(state.value, orders)));

  const snapshot = async () => {
    const { orders, cursor } = await api<BoardSnapshot>('/dashboard/board.json', {
      patienceMs: SNAPSHOT_PATIENCE_MS,
    });
    take(replaced(state.value, orders));
    return cursor;
  };

  useChannel<StreamEvent<string, OrderPayload>>({
    channel: `store.${props.store.id}.orders`,
    pollPath: '/dashboard/board/events',
    cursor: props.cursor,
    onEvent: ({ payload }) => arrivals.add(payload.order),
    onReset: snapshot,
  });
  onScopeDispose(arrivals.stop);
  watch(useClock(), (now) => {
    state.value = pruned(state.value, new Date(now - FINISHED_SHOWN_MS));
  });

  return {
    orders: computed(() => shownOrders(state.value)),
    find: (publicId: string) => shownOrder(state.value, publicId),
    fresh,
    asked: (order: BoardOrder, status: BoardOrder['status']) => {
      state.value = moveAsked(state.value, order.public_id, status);
    },
    settled: (order: BoardOrder, present: BoardOrder | null) => {
      state.value = moveSettled(state.value, order.public_id, present);
    },
  };
}
