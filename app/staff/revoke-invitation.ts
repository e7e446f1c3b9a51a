import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { InvitationId, StaffId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { StaffRole } from './abilities.ts';
import { openInvitations } from './staff-queries.ts';
import type { SignedInStaff } from './staff-sessions.ts';

type Act = Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;

interface Revoked {
  id: InvitationId;
  name: string;
  role: StaffRole;
}

/** Takes an invitation back: its link opens nothing from then on. Who may not make it may not take it back either. */
export async function revokeInvitation(
  tx: TenantTx<Tenant>,
  id: InvitationId | null,
  { by, act }: { by: SignedInStaff; act: Act },
): Promise<void> {
  const { sql, tenant } = tx;
  const [found] = id === null ? [] : await openInvitations(tx, by, { after: id - 1, limit: 0 });
  const [gone] =
    found?.id === id
      ? await sql`
          DELETE FROM staff_invitations
          WHERE merchant_id = ${tenant.merchantId} AND id = ${id} AND accepted_at IS NULL RETURNING id`
      : [];
  if (!found || !gone) throw refusal('INVITATION_NOT_FOUND', 'There is no open invitation with this id.');
  await writeAudit(tx, revoked(found, act));
}

/** Takes back what a person has invited, because their own rights have changed. */
export async function revokeInvitationsOf(tx: TenantTx<Tenant>, staffId: StaffId, act: Act): Promise<void> {
  const { sql, tenant } = tx;
  const gone = await sql<Revoked[]>`
    DELETE FROM staff_invitations
    WHERE merchant_id = ${tenant.merchantId} AND invited_by = ${staffId} AND accepted_at IS NULL RETURNING id, name, role`;
  if (gone.length > 0) await writeAudit(tx, ...gone.map((invitation) => revoked(invitation, act)));
}

function revoked({ id, name, role }: Revoked, act: Act): AuditEntry {
  const what = { action: 'invitation.revoked', entity: 'invitation', entityId: id };
  return { ...act, ...what, before: { name, role }, after: null };
}
