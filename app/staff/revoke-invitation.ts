import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { InvitationId, StaffId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { openInvitations } from './staff-queries.ts';
import type { SignedInStaff } from './staff-sessions.ts';

/** Takes an invitation back: its link opens nothing from then on. Who may not make it may not take it back either. */
export async function revokeInvitation(
  tx: TenantTx<Tenant>,
  id: InvitationId | null,
  { by, act }: { by: SignedInStaff; act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'> },
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
  await writeAudit(tx, {
    ...act,
    action: 'invitation.revoked',
    entity: 'invitation',
    entityId: found.id,
    before: { name: found.name, role: found.role },
    after: null,
  });
}

/** Takes back what a person has invited, because their own rights have changed. */
export async function revokeInvitationsOf(
  { sql, tenant }: TenantTx<Tenant>,
  staffId: StaffId,
): Promise<void> {
  await sql`
    DELETE FROM staff_invitations
    WHERE merchant_id = ${tenant.merchantId} AND invited_by = ${staffId} AND accepted_at IS NULL`;
}
