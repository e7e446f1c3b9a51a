import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { SlotPlace } from './pickup-promise.ts';

/** How many orders hold each of the slots that any order holds, by when it begins, in milliseconds since 1970. */
export async function takenSlots(
  tx: TenantTx<StoreTenant>,
  wanted: SlotsWanted,
): Promise<Map<number, number>> {
  const [row] = await tx.sql<
    { taken: Record<string, number> | null }[]
  >`SELECT ${takenColumn(tx, wanted)} AS taken`;
  return takenOf(row?.taken ?? null);
}

/** Gives back a place in a slot. */
export async function releaseSlot({ sql, tenant }: TenantTx<StoreTenant>, slot: Date): Promise<void> {
  await sql`
    UPDATE store_slots SET taken = taken - 1
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND slot_at = ${slot} AND taken > 0`;
}

/** A span of slots of which a store has only so many places. */
export interface SlotsWanted {
  readonly from: Date;
  readonly to: Date;
}

/** The same as `takenSlots`, as a column of another statement; null when nothing is asked. */
export function takenColumn({ sql, tenant }: TenantTx<StoreTenant>, wanted: SlotsWanted | null) {
  if (!wanted) return sql`NULL::jsonb`;
  return sql`(
    SELECT jsonb_object_agg((extract(epoch FROM slot_at) * 1000)::bigint, taken) FROM store_slots
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND slot_at >= ${wanted.from} AND slot_at < ${wanted.to} AND taken > 0)`;
}

/** What the column says. */
export function takenOf(column: Readonly<Record<string, number>> | null): Map<number, number> {
  return new Map(Object.entries(column ?? {}).map(([slot, taken]) => [Number(slot), taken]));
}

/** Takes a place in a slot if one is free, once whoever holds its row has ended; answers whether it did. */
export async function takeSlot(tx: TenantTx<StoreTenant>, place: SlotPlace): Promise<boolean> {
  const taken = await tx.sql`${slotTaking(tx, place)} RETURNING taken`;
  return taken.count === 1;
}

/** The statement that takes a place, for others to be part of: it returns a row when there was one. PostgreSQL looks at the count again after waiting. */
export function slotTaking({ sql, tenant }: TenantTx<StoreTenant>, { at, capacity }: SlotPlace) {
  return sql`
    INSERT INTO store_slots AS slot (merchant_id, store_id, slot_at, taken) VALUES (${tenant.merchantId}, ${tenant.storeId}, ${at}, 1)
    ON CONFLICT (merchant_id, store_id, slot_at) DO UPDATE SET taken = slot.taken + 1
    WHERE ${capacity}::int IS NULL OR slot.taken < ${capacity}::int`;
}
