import { useEventListener } from '@vueuse/core';
import { computed, inject, nextTick, provide, ref, shallowRef, type InjectionKey } from 'vue';
import { isFinal, stepsOf, type OrderStatus } from '#app/orders/order.ts';
import type { BoardOrder } from '#app/orders/order-view.ts';
import type { StaffAbility } from '#app/staff/abilities.ts';
import type { StaffStore } from '../page-props.ts';
import { useOrderMoves, type MoveObserver } from './use-order-moves.ts';

export interface NextStep {
  readonly status: OrderStatus;
  readonly verb: string;
}

/** Something that staff must say before an order can move. */
export interface Question {
  readonly about: 'tracking' | 'reason';
  readonly order: BoardOrder;
}

interface DeskOptions extends MoveObserver {
  readonly store: () => StaffStore;
  readonly abilities: () => readonly StaffAbility[];
  /** The order as this page shows it at the moment. */
  readonly find: (publicId: string) => BoardOrder | null;
}

export type OrderDesk = ReturnType<typeof useOrderDesk>;

const DESK: InjectionKey<OrderDesk> = Symbol('order desk');

/** All that staff do with an order, on whichever page it stands: open it, take it a step further, cancel it, print its ticket. */
export function useOrderDesk({ store, abilities, find, ...observer }: DeskOptions) {
  const moves = useOrderMoves(observer);
  const openId = ref<string | null>(null);
  const question = shallowRef<Question | null>(null);
  const ticket = shallowRef<BoardOrder | null>(null);
  const may = (ability: StaffAbility) => abilities().includes(ability);

  function moveTo(order: BoardOrder, status: OrderStatus): void {
    if (status === 'shipped') question.value = { about: 'tracking', order };
    else if (status === 'cancelled') question.value = { about: 'reason', order };
    else void moves.move(order, { status });
  }

  async function print(order: BoardOrder): Promise<void> {
    ticket.value = order;
    await nextTick();
    window.print();
  }
  useEventListener(window, 'afterprint', () => (ticket.value = null));

  const desk = {
    ...moves,
    openId,
    question,
    ticket,
    store: computed(store),
    opened: computed(() => (openId.value === null ? null : find(openId.value))),
    moveTo,
    print,
    find,
    canMove: computed(() => may('orders.move')),
    mayCancel: ({ status }: BoardOrder) =>
      !isFinal(status) && (may('orders.cancel') || (status === 'pending' && may('orders.cancel_pending'))),
  };
  provide(DESK, desk);
  return desk;
}

/** The desk of the page around this component. */
export function useDesk(): OrderDesk {
  const desk = inject(DESK);
  if (!desk) throw new Error('expected a page with an order desk around this component, received none');
  return desk;
}

/** The next step of an order, in the words of its button; null when nothing follows. */
export function nextStepOf({ fulfilment_type, status }: BoardOrder): NextStep | null {
  const steps = stepsOf(fulfilment_type);
  const next = steps.find((step) => step.status === status)?.next;
  const verb = steps.find((step) => step.status === next)?.step;
  return next && verb ? { status: next, verb } : null;
}
