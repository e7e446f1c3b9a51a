import type { DomainEvent } from '#core/events/event.ts';
import type { Actor } from '#core/security/audit.ts';
import type { VariantId } from '#core/values/ids.ts';
import { stockLow } from '../stock/stock-events.ts';
import { hasRunLow, isAvailable, type StockLevel } from '../catalog/stock-level.ts';

/** A line of an order with the shelf that it takes from. */
export interface Taking {
  /** As it is before; the same object for lines of the same variant. */
  readonly variant: StockLevel;
  readonly quantity: number;
  /** Of these, those that are not there. */
  readonly backordered: number;
}

/** A counted variant of an order, as it is before. */
export interface Shelf {
  readonly level: StockLevel;
  /** Pieces that the order leaves there. */
  readonly left: number;
}

/** What lines leave of the counted variants that they take. */
export function leftOnShelves(lines: readonly Taking[]): Shelf[] {
  return [...Map.groupBy(lines, ({ variant }) => variant)].flatMap(([variant, ofVariant]) => {
    if (variant.stock === null) return [];
    const taken = ofVariant.reduce((sum, { quantity, backordered }) => sum + quantity - backordered, 0);
    return [{ level: variant, left: variant.stock - taken }];
  });
}

/** The variants that nobody can order any more. */
export function soldOutBy(shelves: readonly Shelf[]): VariantId[] {
  return shelves
    .filter(({ level, left }) => !isAvailable({ ...level, stock: left }))
    .map(({ level }) => level.variantId);
}

/** The events of variants whose stock falls to their threshold with this order. */
export function runLowBy(
  shelves: readonly Shelf[],
  occasion: { readonly actor: Actor; readonly at: Date },
): DomainEvent[] {
  return shelves
    .filter(({ level, left }) => hasRunLow(level, left))
    .map(({ level, left }) => stockLow(level, left, occasion));
}
