import type { Tenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { writeAudit } from '#core/security/audit.ts';
import { hashPassword, verifyPassword } from '#core/security/password.ts';
import { idBehind, opaqueId, type StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import {
  endStaffSession,
  endStaffSessions,
  livingSession,
  renewSessionSecret,
  type SignedInStaff,
} from './staff-sessions.ts';
import type { Session } from './staff-view.ts';

interface SessionRow {
  id: number;
  user_agent: string;
  store_id: StoreId | null;
  store_name: string | null;
  created_at: Date;
  seen_at: Date;
  expires_at: Date;
}

/** One's sessions, the newest first, one more than the limit. */
export async function ownSessions(
  tx: TenantTx<Tenant>,
  { staffId }: SignedInStaff,
  { before, limit }: { before: number; limit: number },
): Promise<SessionRow[]> {
  const { sql, tenant } = tx;
  return sql<SessionRow[]>`
    SELECT session.id, user_agent, store_id, stores.name AS store_name, session.created_at, seen_at, expires_at
    FROM staff_sessions AS session LEFT JOIN stores ON stores.merchant_id = session.merchant_id AND stores.id = store_id
    WHERE session.merchant_id = ${tenant.merchantId} AND staff_id = ${staffId} AND session.id < ${before} AND ${livingSession(tx)}
    ORDER BY session.id DESC LIMIT ${limit + 1}`;
}

export function sessionView(row: SessionRow, { sessionId }: SignedInStaff): Session {
  const { id, user_agent, store_id, store_name, created_at, seen_at, expires_at } = row;
  return {
    id: opaqueId('ss', id),
    user_agent,
    store: store_id === null ? null : { id: opaqueId('st', store_id), name: store_name ?? '' },
    created_at: created_at.toISOString(),
    seen_at: seen_at.toISOString(),
    expires_at: expires_at.toISOString(),
    current: id === sessionId,
  };
}

/** Ends one of one's own sessions; answers which. */
export async function revokeOwnSession(
  tx: TenantTx<Tenant>,
  staff: SignedInStaff,
  { id, requestId }: { id: string; requestId: string },
): Promise<number> {
  const sessionId = idBehind<number>('ss', id);
  const [found] = sessionId === null ? [] : await ownSessions(tx, staff, { before: sessionId + 1, limit: 0 });
  if (!found || found.id !== sessionId)
    throw refusal('SESSION_NOT_FOUND', 'You have no session with this id.');
  await endStaffSession(tx, sessionId);
  await auditOwn(tx, staff, { action: 'staff.session_ended', requestId });
  return sessionId;
}

/**
 * Changes one's own password. All other sessions end, and this one gets a new secret: whoever held either of the old ones is out.
 * Answers the new secret and the sessions that ended.
 */
export async function changeOwnPassword(
  db: TenantDb<Tenant>,
  staff: SignedInStaff,
  { current, next, requestId }: { current: string; next: string; requestId: string },
): Promise<{ secret: string; ended: readonly number[] }> {
  const known = await db.read((tx) => passwordHashOf(tx, staff));
  if (!(await verifyPassword(current, known))) {
    throw refusal('PASSWORD_WRONG', 'This is not your present password.', {
      errors: { current_password: ['is not your present password'] },
    });
  }
  const hash = await hashPassword(next);
  return db.write(async (tx) => {
    const { sql, tenant } = tx;
    await sql`
      UPDATE staff SET password_hash = ${hash} WHERE merchant_id = ${tenant.merchantId} AND id = ${staff.staffId}`;
    const ended = await endStaffSessions(tx, staff.staffId, staff.sessionId);
    const secret = await renewSessionSecret(tx, staff.sessionId);
    await auditOwn(tx, staff, { action: 'staff.password_changed', requestId });
    return { secret, ended };
  });
}

async function passwordHashOf(
  { sql, tenant }: TenantTx<Tenant>,
  { staffId }: SignedInStaff,
): Promise<string | null> {
  const [row] = await sql<{ password_hash: string }[]>`
    SELECT password_hash FROM staff WHERE merchant_id = ${tenant.merchantId} AND id = ${staffId}`;
  return row?.password_hash ?? null;
}

function auditOwn(
  tx: TenantTx<Tenant>,
  { staffId }: SignedInStaff,
  { action, requestId }: { action: string; requestId: string },
): Promise<void> {
  return writeAudit(tx, {
    actor: { kind: 'staff', id: staffId },
    action,
    entity: 'staff',
    entityId: staffId,
    before: null,
    after: null,
    requestId,
    at: new Date(),
  });
}
