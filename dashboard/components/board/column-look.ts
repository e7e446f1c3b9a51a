import type { OrderStatus } from '#app/orders/order.ts';
import { statusesOf, type ColumnKey } from '../../composables/board-columns.ts';
import type { StaffStore } from '../../page-props.ts';
import { STATUS_LOOK, type StatusLook } from '../order-status.ts';

interface ColumnLook extends Omit<StatusLook, 'word'> {
  /** Stands for the words of its statuses where those would be too long. */
  readonly word?: string;
  /** Says what will appear there. */
  readonly empty: string;
}

/** How the board's columns look; their words are those of the statuses that the store's orders can have. */
export const COLUMN_LOOK: Readonly<Record<ColumnKey, ColumnLook>> = {
  pending: { ...lookOf('pending'), empty: 'New orders appear here, with a sound.' },
  accepted: { ...lookOf('accepted'), empty: 'Orders you accept wait here until work on them starts.' },
  working: { ...lookOf('in_progress'), empty: 'What is being made or packed appears here.' },
  out: { ...lookOf('ready'), empty: 'Orders that wait for their customer or are on their way appear here.' },
  done: {
    ...lookOf('completed'),
    word: 'Done',
    empty: 'Orders that were handed over or delivered appear here.',
  },
  cancelled: { ...lookOf('cancelled'), empty: 'Cancelled orders appear here.' },
};

/** The column's title at a store: `In progress`, `Packing`, or both where the store picks up and ships. */
export function columnTitle(column: ColumnKey, store: StaffStore): string {
  const words = statusesOf(column, store).map((status) => STATUS_LOOK[status].word);
  return COLUMN_LOOK[column].word ?? words.join(' · ');
}

function lookOf(status: OrderStatus): Omit<StatusLook, 'word'> {
  const { icon, tone } = STATUS_LOOK[status];
  return { icon, tone };
}
