import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { actorId, writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { VariantId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { availabilityTurned } from './availability-turned.ts';
import { stockLow } from './stock-events.ts';
import { hasRunLow, isAvailable, type StockLevel } from '../catalog/stock-level.ts';
import { lockedLevel } from './stock-queries.ts';

/** More pieces of one thing than any shelf holds. */
export const PIECES_MAX = 1_000_000_000;

type Act = Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;

/** So many more or fewer pieces, or so many in all, which also begins to count them. */
export type Adjustment = { readonly delta: number } | { readonly quantity: number };

export interface AdjustStock {
  readonly variantId: VariantId;
  readonly adjustment: Adjustment;
  readonly note: string;
  readonly act: Act;
}

/**
 * Sets what the store has of a variant, with a row in the ledger and its note. Refuses STOCK_NOT_COUNTED for a difference to what is not
 * counted, STOCK_TOO_LOW for taking more than there is.
 */
export async function adjustStock(
  tx: TenantTx<StoreTenant>,
  { variantId, adjustment, note, act }: AdjustStock,
): Promise<StockLevel> {
  const before = await lockedLevel(tx, variantId);
  const after = { ...before, stock: adjusted(before, adjustment) };
  await writeLevel(tx, after);
  await writeLedger(tx, { variantId, delta: after.stock - (before.stock ?? before.ledgerSum), note, act });
  await finish(tx, { before, after, action: 'stock.adjusted', note, act });
  return after;
}

export interface ChangeStockSettings {
  readonly variantId: VariantId;
  /** What is absent stays. */
  readonly settings: {
    readonly counted?: boolean | undefined;
    readonly lowThreshold?: number | null | undefined;
    readonly backorder?: boolean | undefined;
  };
  readonly act: Act;
}

/** Changes how a variant is sold in the store. The ledger outlives the count: counted again, it goes on from where it was. */
export async function changeStockSettings(
  tx: TenantTx<StoreTenant>,
  { variantId, settings, act }: ChangeStockSettings,
): Promise<StockLevel> {
  const before = await lockedLevel(tx, variantId);
  const {
    counted = before.stock !== null,
    lowThreshold = before.lowThreshold,
    backorder = before.backorder,
  } = settings;
  const after = {
    ...before,
    stock: counted ? (before.stock ?? before.ledgerSum) : null,
    lowThreshold,
    backorder,
  };
  await writeLevel(tx, after);
  await finish(tx, { before, after, action: 'stock.settings_changed', note: null, act });
  return after;
}

function adjusted({ stock }: StockLevel, adjustment: Adjustment): number {
  if ('quantity' in adjustment) return adjustment.quantity;
  if (stock === null)
    throw refusal('STOCK_NOT_COUNTED', 'Expected a quantity: nobody has counted these pieces yet.');
  const next = stock + adjustment.delta;
  if (next > PIECES_MAX) {
    throw refusal('VALIDATION_FAILED', `Expected at most ${PIECES_MAX} pieces in all, received ${next}.`, {
      errors: { delta: [`leaves more than ${PIECES_MAX}`] },
    });
  }
  if (next < 0)
    throw refusal('STOCK_TOO_LOW', `Expected at most ${stock} fewer, received ${-adjustment.delta}.`, {
      available: stock,
    });
  return next;
}

async function writeLevel(
  { sql, tenant }: TenantTx<StoreTenant>,
  { variantId, stock, lowThreshold, backorder }: StockLevel,
): Promise<void> {
  await sql`
    UPDATE stock_levels SET quantity = ${stock}, low_threshold = ${lowThreshold}, backorder = ${backorder}
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND variant_id = ${variantId}`;
}

async function writeLedger(
  { sql, tenant }: TenantTx<StoreTenant>,
  {
    variantId,
    delta,
    note,
    act,
  }: Pick<AdjustStock, 'variantId' | 'note' | 'act'> & { readonly delta: number },
): Promise<void> {
  if (delta === 0) return;
  await sql`
    INSERT INTO stock_ledger (merchant_id, store_id, variant_id, delta, reason, note, actor_kind, actor_id, at)
    VALUES (${tenant.merchantId}, ${tenant.storeId}, ${variantId}, ${delta}, 'adjustment', ${note}, ${act.actor.kind}, ${actorId(act.actor)}, ${act.at})`;
}

interface Change {
  readonly before: StockLevel;
  readonly after: StockLevel;
  readonly action: string;
  readonly note: string | null;
  readonly act: Act;
}

async function finish(
  tx: TenantTx<StoreTenant>,
  { before, after, action, note, act }: Change,
): Promise<void> {
  await writeAudit(tx, {
    ...act,
    action,
    entity: 'variant',
    entityId: after.variantId,
    before: audited(before),
    after: { ...audited(after), ...(note !== null && { note }) },
  });
  const turned = isAvailable(before) !== isAvailable(after);
  const events = await availabilityTurned(tx, {
    variantIds: turned ? [after.variantId] : [],
    soldOut: !isAvailable(after),
    ...act,
  });
  const low = hasRunLow(before, after.stock) ? [stockLow(after, after.stock ?? 0, act)] : [];
  record(tx, ...events, ...low);
}

function audited({ stock, lowThreshold, backorder }: StockLevel) {
  return { quantity: stock, low_threshold: lowThreshold, backorder };
}
