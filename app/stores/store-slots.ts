import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';

/** How many orders hold each of the slots that any order holds, by when it begins, in milliseconds since 1970. */
export async function takenSlots(
  { sql, tenant }: TenantTx<StoreTenant>,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<Map<number, number>> {
  const rows = await sql<{ slot_at: Date; taken: number }[]>`
    SELECT slot_at, taken FROM store_slots
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND slot_at >= ${from} AND slot_at < ${to} AND taken > 0`;
  return new Map(rows.map(({ slot_at, taken }) => [slot_at.getTime(), taken]));
}

/** Gives back a place in a slot. */
export async function releaseSlot({ sql, tenant }: TenantTx<StoreTenant>, slot: Date): Promise<void> {
  await sql`
    UPDATE store_slots SET taken = taken - 1
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND slot_at = ${slot} AND taken > 0`;
}

/** Takes a place in a slot whether or not one is free: staff decide, and so does who has paid already. */
export async function occupySlot({ sql, tenant }: TenantTx<StoreTenant>, slot: Date): Promise<void> {
  await sql`
    INSERT INTO store_slots AS slot (merchant_id, store_id, slot_at, taken) VALUES (${tenant.merchantId}, ${tenant.storeId}, ${slot}, 1)
    ON CONFLICT (merchant_id, store_id, slot_at) DO UPDATE SET taken = slot.taken + 1`;
}
