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
