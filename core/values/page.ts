import { Type, type TSchema } from 'typebox';
import { DomainError } from './domain-error.ts';
import { idBehind, type IdKind } from './ids.ts';

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

/** The id of the row that a cursor names; `start` without one. Refuses what no list of these has given out. */
export function idAtCursor(kind: IdKind, cursor: string | undefined, start: number): number {
  if (cursor === undefined) return start;
  const id = idBehind(kind, cursor);
  if (id === null) throw cursorUnknown(cursor);
  return id;
}

/** The refusal of a cursor that no list has given out. */
export function cursorUnknown(cursor: string): DomainError {
  return new DomainError('VALIDATION_FAILED', `Expected the next_cursor of a list, received "${cursor}".`, {
    errors: { cursor: ['must be the next_cursor of a list'] },
  });
}
