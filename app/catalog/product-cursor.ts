import { idBehind, opaqueId, type ProductId } from '#core/values/ids.ts';
import { refusal } from '#app/errors.ts';

interface Place {
  readonly position: number;
  readonly id: number;
}

/** Where a list goes on: behind this product. Opaque to clients, and free of database ids. */
export function cursorAfter({ position, id }: Place): string {
  return Buffer.from(`${position}.${opaqueId('pr', id)}`).toString('base64url');
}

/** The product that a cursor stands for. Refuses texts that no list has given out. */
export function placeBehind(cursor: string): Place {
  // Nine digits: what ten can say passes what the column can.
  const [, position, product] =
    /^(-?\d{1,9})\.(pr_\w+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const id = idBehind<ProductId>('pr', product ?? '');
  if (position === undefined || id === null)
    throw refusal('VALIDATION_FAILED', `Expected the next_cursor of a list, received "${cursor}".`, {
      errors: { cursor: ['must be the next_cursor of a list'] },
    });
  return { position: Number(position), id };
}
