import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import { opaqueId, type StaffId, type StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { StaffRole } from './abilities.ts';
import { revokeKeysOf } from './api-keys.ts';
import { refuseStoresBeyond } from './assigned-stores.ts';
import { revokeInvitationsOf } from './revoke-invitation.ts';
import { memberView, staffMember } from './staff-queries.ts';
import { endStaffSessions, staffSessionIds, type SignedInStaff } from './staff-sessions.ts';
import type { StaffMember } from './staff-view.ts';

interface Change {
  readonly staffId: StaffId | null;
  readonly by: SignedInStaff;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

export interface ChangedStaff {
  readonly member: StaffMember;
  /** Sessions that ended, or whose rights are others now: their sockets are to be closed. */
  readonly sessionIds: readonly number[];
}

/** Gives a person another role or other stores. Another role ends their sessions, one that makes no keys the keys they made; other stores count at once. */
export async function changeStaff(
  tx: TenantTx<Tenant>,
  change: Change & {
    readonly version: number;
    readonly role: StaffRole;
    readonly storeIds: readonly StoreId[];
  },
): Promise<ChangedStaff> {
  const { version, role, storeIds, by, act } = change;
  const { id, ...before } = await lockedStaff(tx, change.staffId);
  if (before.version !== version) {
    throw refusal('STAFF_CHANGED', `Expected version ${before.version}, received ${version}.`, {
      version: before.version,
    });
  }
  refuseStoresBeyond(by, { role, storeIds });
  if (role !== 'owner') refuseWithoutOwner(before);
  await updateAccess(tx, id, { role, storeIds });
  await revokeInvitationsOf(tx, id, act);
  if (role !== 'owner') await revokeKeysOf(tx, id, act);
  const sessionIds = role === before.role ? await staffSessionIds(tx, id) : await endStaffSessions(tx, id);
  const member = memberView(await existing(tx, id));
  await writeAudit(tx, {
    ...act,
    action: 'staff.changed',
    entity: 'staff',
    entityId: id,
    before: { role: before.role, stores: namesOf(before.storeIds) },
    after: { role, stores: namesOf(storeIds) },
  });
  return { member, sessionIds };
}

function namesOf(stores: readonly StoreId[]): string[] {
  return stores.map((id) => opaqueId('st', id));
}

/** Ends what a person may do: sessions, sockets, open invitations and the keys they made end, the name stays on what they did. */
export function deactivateStaff(tx: TenantTx<Tenant>, change: Change): Promise<ChangedStaff> {
  return turn(tx, change, 'deactivated');
}

/** Lets a person who was deactivated sign in again, with the role and the stores of before. */
export function reactivateStaff(tx: TenantTx<Tenant>, change: Change): Promise<ChangedStaff> {
  return turn(tx, change, 'reactivated');
}

/** Turned already, nothing happens. */
async function turn(
  tx: TenantTx<Tenant>,
  { staffId, act }: Change,
  verb: 'deactivated' | 'reactivated',
): Promise<ChangedStaff> {
  const { sql, tenant } = tx;
  const { id, ...before } = await lockedStaff(tx, staffId);
  const ends = verb === 'deactivated';
  if (ends === (before.deactivatedAt !== null))
    return { member: memberView(await existing(tx, id)), sessionIds: [] };
  if (ends) refuseWithoutOwner(before);
  await sql`
    UPDATE staff SET deactivated_at = ${ends ? act.at : null}, version = version + 1
    WHERE merchant_id = ${tenant.merchantId} AND id = ${id}`;
  const sessionIds = ends ? await endStaffSessions(tx, id) : [];
  if (ends) await revokeInvitationsOf(tx, id, act);
  if (ends) await revokeKeysOf(tx, id, act);
  await writeAudit(tx, {
    ...act,
    action: `staff.${verb}`,
    entity: 'staff',
    entityId: id,
    before: { active: ends },
    after: { active: !ends },
  });
  return { member: memberView(await existing(tx, id)), sessionIds };
}

interface LockedStaff {
  readonly id: StaffId;
  readonly role: StaffRole;
  readonly version: number;
  readonly deactivatedAt: Date | null;
  readonly storeIds: readonly StoreId[];
  /** How many others are owners and active. */
  readonly otherOwners: number;
}

interface LockedRow {
  id: StaffId;
  role: StaffRole;
  version: number;
  deactivated_at: Date | null;
}

/** Locks the owners too: of two who remove each other at once, the second finds itself the last. */
async function lockedStaff(tx: TenantTx<Tenant>, staffId: StaffId | null): Promise<LockedStaff> {
  const { sql, tenant } = tx;
  const rows = await sql<LockedRow[]>`
    SELECT id, role, version, deactivated_at FROM staff
    WHERE merchant_id = ${tenant.merchantId} AND (id = ${staffId}::bigint OR (role = 'owner' AND deactivated_at IS NULL))
    ORDER BY id FOR UPDATE`;
  const row = rows.find(({ id }) => id === staffId);
  if (!row) throw refusal('STAFF_NOT_FOUND', 'Nobody with this id works here.');
  const { id, role, version, deactivated_at: deactivatedAt } = row;
  const { stores } = await existing(tx, id);
  return {
    id,
    role,
    version,
    deactivatedAt,
    storeIds: stores.map((store) => store.id),
    otherOwners: rows.filter((other) => other.id !== id).length,
  };
}

function refuseWithoutOwner({ role, deactivatedAt, otherOwners }: Omit<LockedStaff, 'id'>): void {
  if (role !== 'owner' || deactivatedAt !== null || otherOwners > 0) return;
  throw refusal('LAST_OWNER', 'Nobody else is an owner: make someone one first.');
}

async function updateAccess(
  { sql, tenant }: TenantTx<Tenant>,
  id: StaffId,
  { role, storeIds }: { role: StaffRole; storeIds: readonly StoreId[] },
): Promise<void> {
  const wanted = [...storeIds];
  await sql`
    WITH person AS (
      UPDATE staff SET role = ${role}, version = version + 1 WHERE merchant_id = ${tenant.merchantId} AND id = ${id}
    ), left_behind AS (
      DELETE FROM memberships
      WHERE merchant_id = ${tenant.merchantId} AND staff_id = ${id} AND store_id <> ALL (${wanted}::bigint[])
    )
    INSERT INTO memberships (merchant_id, store_id, staff_id)
    SELECT ${tenant.merchantId}, unnest(${wanted}::bigint[]), ${id} ON CONFLICT DO NOTHING`;
}

async function existing(tx: TenantTx<Tenant>, id: StaffId) {
  const row = await staffMember(tx, id);
  if (!row) throw refusal('STAFF_NOT_FOUND', 'Nobody with this id works here.');
  return row;
}
