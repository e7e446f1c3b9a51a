import { Type, type TSchema } from 'typebox';

const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 100;
const CURSOR_LENGTH_MAX = 100;

/** What a list may be asked for: how much of it, and after what. */
export const PageQuery = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: CURSOR_LENGTH_MAX })),
  limit: Type.Integer({ minimum: 1, maximum: PAGE_SIZE_MAX, default: PAGE_SIZE }),
});

/** A page of a list; `next_cursor` is null on its last. */
export const PageOf = <Item extends TSchema>(item: Item) =>
  Type.Object({ data: Type.Array(item), next_cursor: Type.Union([Type.String(), Type.Null()]) });

/** A page from rows of which one more was read than it holds. `cursorOf` names a row for who asks what comes after it. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  { limit, view, cursorOf }: { limit: number; view: (row: Row) => Item; cursorOf: (row: Row) => string },
): { data: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const goesOn = rows.length > limit && last !== undefined;
  return { data: shown.map(view), next_cursor: goesOn ? cursorOf(last) : null };
}
