import type { DomainEvent } from '#core/events/event.ts';
import type { Actor } from '#core/security/audit.ts';
import type { VariantId } from '#core/values/ids.ts';
import { stockLow } from '../stock/stock-events.ts';
import { hasRunLow, isAvailable, type StockLevel } from '../catalog/stock-level.ts';
import type { PricedLine } from '../cart/price-cart.ts';

/** A counted variant of an order, as it is before. */
export interface Shelf {
  readonly level: StockLevel;
  /** Pieces that the order leaves there. */
  readonly left: number;
}

/** What a cart leaves of the counted variants that it takes. */
export function leftOnShelves(lines: readonly PricedLine[]): Shelf[] {
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
