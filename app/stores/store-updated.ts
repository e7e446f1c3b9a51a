import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { actorName, type Actor } from '#core/security/audit.ts';
import { opaqueId } from '#core/values/ids.ts';
import { storeChannel } from './store-channels.ts';

/** What of a store a storefront shows differently from now on. */
export type StorePart =
  | 'settings'
  | 'catalogue'
  | 'opening_hours'
  | 'ordering'
  | 'shipping'
  | 'taxes'
  | 'promotions'
  | 'loyalty';

/** What the store's public channel carries: who keeps something of that part reads it again. */
export type StoreUpdatedPayload = {
  readonly store: { readonly id: string; readonly slug: string; readonly name: string };
  readonly changed: StorePart;
};

interface Occasion {
  readonly changed: StorePart;
  readonly actor: Actor;
  readonly at: Date;
}

/** Says that a store changed, after the change and in its transaction: whatever any node keeps of the store is made anew. */
export async function storeUpdated(
  tx: TenantTx<StoreTenant>,
  { changed, actor, at }: Occasion,
): Promise<void> {
  const { sql, tenant } = tx;
  const [store] = await sql<{ slug: string; name: string; version: number }[]>`
    UPDATE stores SET version = version + 1 WHERE merchant_id = ${tenant.merchantId} AND id = ${tenant.storeId}
    RETURNING slug, name, version`;
  if (!store) throw new Error(`store ${tenant.storeId}: expected one row to update, found none`);
  const id = opaqueId('st', tenant.storeId);
  const payload: StoreUpdatedPayload = { store: { id, slug: store.slug, name: store.name }, changed };
  record(tx, {
    type: 'StoreUpdated',
    entity: 'store',
    entityId: id,
    entityVersion: store.version,
    actor: actorName(actor),
    payload,
    streams: [{ channel: storeChannel(tenant.storeId, 'catalog'), payload }],
    occurredAt: at,
  });
}
