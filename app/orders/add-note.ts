import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { OrderId } from '#core/values/ids.ts';
import { orderByPublicId } from './order-queries.ts';

export interface AddNote {
  readonly publicId: string;
  readonly text: string;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

/** What staff wrote about an order. */
export interface NoteRow {
  body: string;
  at: Date;
  /** Null when a program wrote it. */
  by: string | null;
}

/** Keeps a note of staff about an order; its customer never sees it. Answers all of them. */
export async function addNote(
  tx: TenantTx<StoreTenant>,
  { publicId, text, act }: AddNote,
): Promise<NoteRow[]> {
  const { sql, tenant } = tx;
  const { id } = await orderByPublicId(tx, publicId);
  const staffId = act.actor.kind === 'staff' ? act.actor.id : null;
  const [note] = await sql<{ id: number }[]>`
    INSERT INTO order_notes (merchant_id, store_id, order_id, staff_id, body, at)
    VALUES (${tenant.merchantId}, ${tenant.storeId}, ${id}, ${staffId}, ${text}, ${act.at}) RETURNING id`;
  await writeAudit(tx, {
    ...act,
    action: 'order.noted',
    entity: 'order',
    entityId: id,
    before: null,
    after: { note_id: note?.id },
  });
  return notesOfOrder(tx, id);
}

/** The notes about an order, oldest first. */
export async function notesOfOrder(
  { sql, tenant }: TenantTx<StoreTenant>,
  orderId: OrderId,
): Promise<NoteRow[]> {
  return sql<NoteRow[]>`
    SELECT note.body, note.at, staff.name AS by FROM order_notes AS note
      LEFT JOIN staff ON staff.merchant_id = note.merchant_id AND staff.id = note.staff_id
    WHERE note.merchant_id = ${tenant.merchantId} AND note.store_id = ${tenant.storeId} AND note.order_id = ${orderId}
    ORDER BY note.id`;
}
