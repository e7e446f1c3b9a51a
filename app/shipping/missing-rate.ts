import type { Shelf } from '#core/cache/channel-cache.ts';
import type { StoreTenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { opaqueId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { normaliseDestination, type Destination, type Shipment } from './shipping-rules.ts';

/** A store's customers may try as often as they like; its merchant is told this often. */
const TOLD_AGAIN_AFTER_MS = 3_600_000;

/** What could not be sent, and where: that of the refusal. */
type MissingRate = {
  readonly country: string;
  readonly state: string | null;
  readonly postcode: string;
  readonly weight_grams: number;
  readonly total_cents: number;
};

/** For the listener that tells staff; no channel carries it. */
export type ShippingRateMissingPayload = MissingRate & { readonly currency: string };

/** The refusal of a shipment that some zone takes and no rate fits. */
export function noRate(to: Destination, { weightGrams, totalCents }: Shipment): DomainError {
  const missing: MissingRate = {
    ...normaliseDestination(to),
    weight_grams: weightGrams,
    total_cents: totalCents,
  };
  return refusal('NO_SHIPPING_RATE', 'No shipping rate of the store fits this order.', { ...missing });
}

interface AtStore {
  readonly db: TenantDb<StoreTenant>;
  readonly shelf: Shelf;
}

/** Runs what may find that no rate fits. When it does, the merchant hears of it: customers there cannot order. */
export async function tellingOfMissingRates<Result>(
  { db, shelf }: AtStore,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'NO_SHIPPING_RATE') {
      const missing = error.evidence as unknown as MissingRate;
      // The shelf keeps those who try again from the database, which keeps the nodes from telling it twice.
      await shelf.get('missing rate', () => db.write((tx) => tellOfMissingRate(tx, missing, new Date())));
    }
    throw error;
  }
}

/** Tells the merchant, unless it was told within the hour and has not changed the rules since. */
export async function tellOfMissingRate(
  tx: TenantTx<StoreTenant>,
  missing: MissingRate,
  now: Date,
): Promise<void> {
  const { sql, tenant } = tx;
  const [store] = await sql<{ currency: string }[]>`
    UPDATE shipping_lookups SET rate_missed_at = ${now} FROM stores
    WHERE shipping_lookups.merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}
      AND stores.merchant_id = ${tenant.merchantId} AND stores.id = ${tenant.storeId}
      AND (rate_missed_at IS NULL OR rate_missed_at <= ${new Date(now.getTime() - TOLD_AGAIN_AFTER_MS)})
    RETURNING currency`;
  if (!store) return;
  const payload: ShippingRateMissingPayload = { ...missing, currency: store.currency };
  record(tx, {
    type: 'ShippingRateMissing',
    entity: 'store',
    entityId: opaqueId('st', tenant.storeId),
    entityVersion: 1,
    actor: 'system',
    payload,
    streams: [],
    occurredAt: now,
  });
}
