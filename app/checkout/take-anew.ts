import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { VariantId } from '#core/values/ids.ts';
import { missingPieces, type StockLevel } from '../catalog/stock-level.ts';
import { releaseHold } from '../payments/hold-payment.ts';
import type { PaymentRow } from '../payments/payment-queries.ts';
import type { NewOrder } from './insert-order.ts';
import { leftOnShelves, type Shelf } from './left-on-shelves.ts';

/** Thrown when a payment was made for an order that can no longer be written: the money must go back. */
export class OrderImpossible extends Error {
  readonly failure: string;

  constructor(failure: string) {
    super(`the paid order cannot be written: ${failure}`);
    this.failure = failure;
  }
}

export interface TakenAnew {
  readonly order: NewOrder;
  readonly shelves: readonly Shelf[];
}

/**
 * Ends what a payment holds and answers its order with what it takes of the goods instead: what is there now, like any order. Whoever has
 * paid in time finds there what they held, and is owed the rest, as it was promised. Whoever paid late gets what everyone could have now:
 * throws `OrderImpossible` when that is not enough.
 */
export async function takeAnew(
  tx: TenantTx<StoreTenant>,
  order: NewOrder,
  { id, state }: PaymentRow,
  now: Date,
): Promise<TakenAnew> {
  const isInTime = state === 'pending';
  const variantIds = [...new Set(order.lines.map(({ variantId }) => variantId))];
  // First of all of them, in their order; then as they are with what was held.
  await lockedLevels(tx, variantIds);
  if (isInTime) await releaseHold(tx, id, now);
  const lines = fromShelves(order, await lockedLevels(tx, variantIds));
  if (!isInTime && lines.some(({ variant, backordered }) => backordered > 0 && !variant.backorder))
    throw new OrderImpossible('sold_out');
  return { order: { ...order, lines }, shelves: leftOnShelves(lines) };
}

type Levels = ReadonlyMap<VariantId, StockLevel>;

/** Locks the levels, in the order of variants, as everywhere; also of those that are not counted now, lest someone begins to. */
async function lockedLevels(
  { sql, tenant }: TenantTx<StoreTenant>,
  variantIds: readonly VariantId[],
): Promise<Levels> {
  const levels = await sql<StockLevel[]>`
    SELECT variant_id AS "variantId", quantity AS stock, low_threshold AS "lowThreshold", backorder FROM stock_levels
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND variant_id = ANY(${variantIds}::bigint[])
    ORDER BY variant_id FOR NO KEY UPDATE`;
  return new Map(levels.map((level) => [level.variantId, level]));
}

function fromShelves({ lines }: NewOrder, levels: Levels) {
  const wanted = lines.map((line) => ({ ...line, variant: levels.get(line.variantId) ?? uncounted(line) }));
  const missing = missingPieces(wanted);
  return wanted.map((line, at) => ({
    ...line,
    counted: line.variant.stock !== null,
    backordered: missing[at] ?? 0,
  }));
}

function uncounted({ variantId }: Pick<StockLevel, 'variantId'>): StockLevel {
  return { variantId, stock: null, lowThreshold: null, backorder: false };
}
