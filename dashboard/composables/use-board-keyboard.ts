import { nextTick } from 'vue';
import type { BoardOrder } from '#app/orders/order-view.ts';
import { nextStepOf, type OrderDesk } from './use-order-desk.ts';
import type { BoardView } from './use-board-view.ts';

const CARD = '[data-card]';
const NUMBER = '[data-card-number]';
const COLUMN = '[data-column]';

/** The keys that act on the order that the keyboard is on, and what they do; the help lists them. */
export const BOARD_KEYS = [
  { keys: ['↑', '↓', '←', '→'], does: 'Go from order to order' },
  { keys: ['Enter'], does: 'Open the order' },
  { keys: ['N'], does: 'Take its next step' },
  { keys: ['S'], does: 'Select it, to accept several' },
  { keys: ['C'], does: 'Cancel it' },
  { keys: ['P'], does: 'Print its ticket' },
] as const;

/** Everything that a pointer can do on the board, by keys. Give `onKeydown` to the element around the columns. */
export function useBoardKeyboard(desk: OrderDesk, view: BoardView) {
  const actions: Readonly<Record<string, (order: BoardOrder) => void>> = {
    n: takeNextStep,
    s: mark,
    c: (order) => desk.mayCancel(order) && desk.moveTo(order, 'cancelled'),
    p: (order) => void desk.print(order),
  };

  function onKeydown(event: KeyboardEvent): void {
    const card = event.target instanceof Element ? event.target.closest<HTMLElement>(CARD) : null;
    if (!card || event.metaKey || event.ctrlKey || event.altKey) return;
    const order = desk.find(card.dataset['card'] ?? '');
    const action = actions[event.key.toLowerCase()];
    const neighbour = neighbourOf(card, event.key);
    if (neighbour) focusCard(neighbour);
    if (action && order) action(order);
    if (neighbour || action) event.preventDefault();
  }

  /** The order leaves its column; the keyboard stays there, on the next one. */
  function takeNextStep(order: BoardOrder): void {
    const step = desk.canMove.value ? nextStepOf(order) : null;
    if (!step) return;
    const card = document.querySelector<HTMLElement>(`[data-card="${order.public_id}"]`);
    const heir = card && (neighbourOf(card, 'ArrowDown') ?? neighbourOf(card, 'ArrowUp'));
    desk.moveTo(order, step.status);
    if (heir && !desk.question.value) void nextTick(() => focusCard(heir));
  }

  function mark(order: BoardOrder): void {
    if (order.status !== 'pending' || !desk.canMove.value) return;
    view.isMarking.value = true;
    view.toggleMark(order.public_id);
  }

  return { onKeydown };
}

function focusCard(card: HTMLElement): void {
  card.querySelector<HTMLElement>(NUMBER)?.focus();
  card.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function neighbourOf(card: HTMLElement, key: string): HTMLElement | null {
  const columns = [...document.querySelectorAll<HTMLElement>(COLUMN)]
    .map(cardsIn)
    .filter(({ length }) => length);
  const column = columns.findIndex((cards) => cards.includes(card));
  const row = columns[column]?.indexOf(card) ?? -1;
  if (key === 'ArrowDown') return columns[column]?.[row + 1] ?? null;
  if (key === 'ArrowUp') return columns[column]?.[row - 1] ?? null;
  if (key === 'ArrowRight') return atMost(columns[column + 1], row);
  if (key === 'ArrowLeft') return atMost(columns[column - 1], row);
  return null;
}

function cardsIn(column: HTMLElement): HTMLElement[] {
  return [...column.querySelectorAll<HTMLElement>(CARD)];
}

function atMost(cards: HTMLElement[] | undefined, row: number): HTMLElement | null {
  return cards?.[Math.min(row, cards.length - 1)] ?? null;
}
