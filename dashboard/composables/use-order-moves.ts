import { shallowReactive } from 'vue';
import type { OrderStatus } from '#app/orders/order.ts';
import type { BoardOrder } from '#app/orders/order-view.ts';
import { api, Refusal, Unreachable } from '../api.ts';
import { STATUS_LOOK } from '../components/order-status.ts';
import { say } from './use-messages.ts';
import { useSharedProps } from './use-shared-props.ts';

/** What staff ask for when they move an order. */
export interface OrderChange {
  readonly status: OrderStatus;
  readonly tracking_code?: string;
  readonly tracking_url?: string;
  readonly reason?: string;
}

/** Who shows the orders: told of each move at once, and of its end. */
export interface MoveObserver {
  asked(order: BoardOrder, status: OrderStatus): void;
  /** `present` is the order as the server last told, or null when it did not. */
  settled(order: BoardOrder, present: BoardOrder | null): void;
}

/** A move repeats itself through a short absence of network or server: its version makes that safe. */
const PATIENCE_MS = 15_000;
/** A refusal stays readable this long on the order it belongs to. */
const REFUSAL_SHOWN_MS = 12_000;

/** Moves orders. What was refused is kept by order, in words, for the card and the panel to show. */
export function useOrderMoves(observer: MoveObserver) {
  const shared = useSharedProps();
  const refusals = shallowReactive(new Map<string, string>());
  const underWay = shallowReactive(new Set<string>());

  async function move(order: BoardOrder, change: OrderChange): Promise<void> {
    const id = order.public_id;
    if (underWay.has(id)) return;
    underWay.add(id);
    refusals.delete(id);
    observer.asked(order, change.status);
    try {
      observer.settled(order, await send(order, change));
    } catch (error) {
      const present = presentOrder(error);
      observer.settled(order, present);
      if (!isOurs(present, change)) show(order, reasonOf(error, present), present);
    } finally {
      underWay.delete(id);
    }
  }

  /** An attempt whose answer was lost has done it: its repetition was refused, and there is nothing to tell. */
  function isOurs(present: BoardOrder | null, { status }: OrderChange): boolean {
    return present?.status === status && present.handled_by?.name === shared.value.staff?.name;
  }

  /** Said on the order itself; and aloud when the order is no longer where one was looking. */
  function show(
    { public_id: id, order_number }: BoardOrder,
    reason: string,
    present: BoardOrder | null,
  ): void {
    if (present) say({ title: order_number, text: reason });
    refusals.set(id, reason);
    setTimeout(() => refusals.get(id) === reason && refusals.delete(id), REFUSAL_SHOWN_MS);
  }

  return { move, refusals, underWay };
}

function send({ public_id, version }: BoardOrder, change: OrderChange): Promise<BoardOrder> {
  return api<BoardOrder>(`/dashboard/orders/${public_id}/status`, {
    method: 'PATCH',
    body: { ...change, version },
    patienceMs: PATIENCE_MS,
  });
}

/** A refused move brings the order as it is now. */
function presentOrder(error: unknown): BoardOrder | null {
  return error instanceof Refusal ? ((error.evidence['order'] as BoardOrder | undefined) ?? null) : null;
}

function reasonOf(error: unknown, present: BoardOrder | null): string {
  if (present) {
    const who = present.handled_by?.name ?? 'Someone else';
    return `Not moved. ${who} was faster: it is ${STATUS_LOOK[present.status].word.toLowerCase()} now.`;
  }
  if (error instanceof Unreachable) return 'Not moved: no connection. Try again when it is back.';
  if (error instanceof Refusal) return `Not moved. ${error.message}`;
  throw error;
}
