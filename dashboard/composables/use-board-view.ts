import { inject, provide, shallowReactive, shallowRef, type InjectionKey } from 'vue';
import type { BoardOrder } from '#app/orders/order-view.ts';
import { COLUMNS, type ColumnKey, type Columns } from './board-columns.ts';

export type BoardView = ReturnType<typeof provideBoardView>;

const VIEW: InjectionKey<BoardView> = Symbol('board view');

/** What the board's cards share: which one the keyboard is on, which are marked, which is being dragged, whose menu is open. */
export function provideBoardView(fresh: ReadonlySet<string>) {
  // Sets and maps instead of single values: what is drawn anew is only what its own entry concerns.
  const current = shallowReactive(new Map<ColumnKey, string>());
  const marked = shallowReactive(new Set<string>());

  const view = {
    fresh,
    marked,
    isMarking: shallowRef(false),
    dragged: shallowRef<BoardOrder | null>(null),
    menu: shallowRef<{ readonly order: BoardOrder; readonly button: HTMLElement } | null>(null),
    /** The order of each column that the tab key leads to. */
    current,
    /** Keeps one order of every column within reach of the tab key. */
    keepCurrent: (columns: Columns) => {
      for (const column of COLUMNS) {
        const ids = columns[column].map(({ public_id }) => public_id);
        const [first] = ids;
        if (first && !ids.includes(current.get(column) ?? '')) current.set(column, first);
      }
    },
    toggleMark: (publicId: string) => {
      if (!marked.delete(publicId)) marked.add(publicId);
    },
  };
  provide(VIEW, view);
  return view;
}

/** The view of the board around this component. */
export function useBoardView(): BoardView {
  const view = inject(VIEW);
  if (!view) throw new Error('expected a board around this component, received none');
  return view;
}
