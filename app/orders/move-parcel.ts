import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import { refusal } from '../errors.ts';
import { orderChanged } from './order-changed.ts';
import { parcelMoved } from './order-events.ts';
import { boardOrder } from './order-projection.ts';
import { orderByPublicId, type OrderRow } from './order-queries.ts';
import { allowedForParcel, type ShippingStatus } from './order.ts';

export interface MoveParcel {
  readonly publicId: string;
  /** The version that the person was looking at. */
  readonly version: number;
  readonly shippingStatus: ShippingStatus;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

/**
 * Notes that a shipped parcel came back or was lost, or was found again; its order stays where it is. Refuses ORDER_CHANGED when someone else
 * was first, and ORDER_CANNOT_ADVANCE for what cannot become of the parcel.
 */
export async function moveParcel(tx: TenantTx<StoreTenant>, move: MoveParcel): Promise<OrderRow> {
  const { sql, tenant } = tx;
  const { publicId, version, shippingStatus, act } = move;
  const before = await orderByPublicId(tx, publicId);
  if (before.version !== version) throw orderChanged(before, version);
  refuseUnlessAllowed(before, shippingStatus);
  const updated = await sql`
    UPDATE orders SET shipping_status = ${shippingStatus}, version = version + 1
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${before.id} AND version = ${version}`;
  const after = await orderByPublicId(tx, publicId);
  if (updated.count === 0) throw orderChanged(after, version);
  await writeAudit(tx, {
    ...act,
    action: `parcel.${shippingStatus}`,
    entity: 'order',
    entityId: after.id,
    before: { shipping_status: before.shipping_status, version: before.version },
    after: { shipping_status: after.shipping_status, version: after.version },
  });
  record(tx, parcelMoved(after, { storeId: tenant.storeId, actor: act.actor, at: act.at }));
  return after;
}

function refuseUnlessAllowed(order: OrderRow, to: ShippingStatus): void {
  const from = order.shipping_status;
  const allowed = allowedForParcel(from);
  if (allowed.includes(to)) return;
  throw refusal(
    'ORDER_CANNOT_ADVANCE',
    `The parcel of order #${order.number} is ${from ?? 'none'}; expected one of ${allowed.join(', ') || 'none'}, received ${to}.`,
    { from, to, allowed, order: boardOrder(order) },
  );
}
