import type { VariantId } from '#core/values/ids.ts';

/** What a store has of a variant, and how it is sold there. */
export interface StockLevel {
  readonly variantId: VariantId;
  /** Pieces that are there; null when they are not counted. */
  readonly stock: number | null;
  /** Staff are told when the stock falls to it; null when they are not. */
  readonly lowThreshold: number | null;
  /** Whether it is sold on when nothing is left. */
  readonly backorder: boolean;
}

/** Whether a customer can have one more of it. */
export function isAvailable({ stock, backorder }: Pick<StockLevel, 'stock' | 'backorder'>): boolean {
  return stock === null || stock > 0 || backorder;
}

/** Whether the stock has just fallen to its threshold: once, and not again while it stays below. */
export function hasRunLow({ stock, lowThreshold }: StockLevel, left: number | null): boolean {
  return (
    stock !== null && left !== null && lowThreshold !== null && stock > lowThreshold && left <= lowThreshold
  );
}

/**
 * How many pieces of each line are not there, in the order of the lines: those of one variant take from one shelf, the first line first. What
 * is not counted is always there.
 */
export function missingPieces(
  lines: readonly { readonly variant: Pick<StockLevel, 'variantId' | 'stock'>; readonly quantity: number }[],
): number[] {
  const wanted = new Map<VariantId, number>();
  return lines.map(({ variant: { variantId, stock }, quantity }) => {
    if (stock === null) return 0;
    const before = wanted.get(variantId) ?? 0;
    wanted.set(variantId, before + quantity);
    return Math.max(0, quantity - Math.max(0, stock - before));
  });
}
