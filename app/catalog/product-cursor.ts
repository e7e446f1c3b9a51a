import { idBehind, opaqueId, type ProductId } from '#core/values/ids.ts';
import { cursorUnknown } from '#core/values/page.ts';

/** A product and its place on a list: behind those of lower places and, at the same place, of lower ids. */
export interface PlacedProduct {
  readonly id: ProductId;
  readonly place: number;
}

/** Where a list goes on: behind this product. Opaque to clients, and free of database ids. */
export function cursorAfter({ place, id }: PlacedProduct): string {
  return Buffer.from(`${place}.${opaqueId('pr', id)}`).toString('base64url');
}

/** The product that a cursor stands for. Refuses texts that no list has given out. */
export function placeBehind(cursor: string): PlacedProduct {
  // Nine digits: what ten can say passes what the column can.
  const [, place, product] =
    /^(-?\d{1,9})\.(pr_\w+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const id = idBehind<ProductId>('pr', product ?? '');
  if (place === undefined || id === null) throw cursorUnknown(cursor);
  return { place: Number(place), id };
}
