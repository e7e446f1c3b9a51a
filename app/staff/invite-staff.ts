import { violatedConstraint } from '#core/db/database-errors.ts';
import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { actorName, writeAudit, type AuditEntry } from '#core/security/audit.ts';
import { opaqueId, type InvitationId, type StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { StaffRole } from './abilities.ts';
import { refuseStoresBeyond } from './assigned-stores.ts';
import type { SignedInStaff } from './staff-sessions.ts';

/** An invitation that is not accepted ends after this long. In days. */
const DAYS_MAX = 7;

export interface StaffInvitation {
  readonly name: string;
  readonly email: string;
  readonly role: StaffRole;
  readonly storeIds: readonly StoreId[];
  readonly by: SignedInStaff;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

/** Invites a person to work here; the mail with the link is sent because of the event. A manager invites staff of their own stores only. */
export async function inviteStaff(tx: TenantTx<Tenant>, invitation: StaffInvitation): Promise<InvitationId> {
  const { name, role, storeIds, by, act } = invitation;
  const email = invitation.email.toLowerCase();
  refuseRoleBeyond(by, role);
  refuseStoresBeyond(by, { role, storeIds });
  await refuseKnown(tx, email);
  const id = await insertInvitation(tx, { ...invitation, email }).catch((error: unknown) => {
    throw violatedConstraint(error) === 'staff_invitations_open' ? invitedAlready() : error;
  });
  await writeAudit(tx, {
    ...act,
    action: 'invitation.created',
    entity: 'invitation',
    entityId: id,
    before: null,
    after: { name, role, stores: storeIds.map((store) => opaqueId('st', store)) },
  });
  record(tx, {
    type: 'StaffInvited',
    entity: 'invitation',
    entityId: opaqueId('in', id),
    entityVersion: 1,
    actor: actorName(act.actor),
    payload: { invitation_id: id },
    streams: [],
    occurredAt: act.at,
  });
  return id;
}

function refuseRoleBeyond({ abilities }: SignedInStaff, role: StaffRole): void {
  if (role === 'staff' || abilities.includes('staff.manage')) return;
  throw refusal('FORBIDDEN', `Expected the role staff, which managers may invite, received ${role}.`);
}

async function refuseKnown({ sql, tenant }: TenantTx<Tenant>, email: string): Promise<void> {
  const known = await sql`SELECT FROM staff WHERE merchant_id = ${tenant.merchantId} AND email = ${email}`;
  if (known.length === 0) return;
  throw refusal('LOGIN_TAKEN', 'Someone who works here already signs in with this e-mail address.', {
    errors: { email: ['works here already'] },
  });
}

async function insertInvitation(
  { sql, tenant }: TenantTx<Tenant>,
  { name, email, role, storeIds, by, act }: StaffInvitation,
): Promise<InvitationId> {
  await sql`
    DELETE FROM staff_invitations
    WHERE merchant_id = ${tenant.merchantId} AND email = ${email} AND accepted_at IS NULL AND expires_at <= now()`;
  const [row] = await sql<{ id: InvitationId }[]>`
    WITH invitation AS (
      INSERT INTO staff_invitations (merchant_id, email, name, role, invited_by, created_at, expires_at)
      VALUES (${tenant.merchantId}, ${email}, ${name}, ${role}, ${by.staffId}, ${act.at}, ${act.at}::timestamptz + make_interval(days => ${DAYS_MAX}))
      RETURNING merchant_id, id
    ), assigned AS (
      INSERT INTO staff_invitation_stores (merchant_id, invitation_id, store_id)
      SELECT merchant_id, id, unnest(${[...storeIds]}::bigint[]) FROM invitation
    )
    SELECT id FROM invitation`;
  if (!row) throw new Error('invitations: the insert returned no row');
  return row.id;
}

function invitedAlready() {
  return refusal('INVITED_ALREADY', 'An invitation to this e-mail address waits to be accepted.', {
    errors: { email: ['was invited already'] },
  });
}
