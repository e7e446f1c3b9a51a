import type { Database } from '#core/db/database.ts';
import type { Browser } from '#core/security/browser.ts';
import type { Tenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { writeAudit } from '#core/security/audit.ts';
import { hashPassword } from '#core/security/password.ts';
import { readSignedToken } from '#core/security/signed-token.ts';
import type { StaffId, StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { StaffRole } from './abilities.ts';
import { createStaff } from './create-staff.ts';
import { openStaffSession } from './staff-sessions.ts';

/** Of the link in the mail. */
export const INVITATION_PURPOSE = 'staff-invitation';

interface Door {
  readonly database: Database;
  readonly secret: string;
}

export interface Acceptance {
  readonly token: string;
  readonly password: string;
  readonly username: string | null;
  readonly browser: Browser;
  readonly requestId: string;
}

interface InvitedRow {
  name: string;
  email: string;
  role: StaffRole;
  invited_by: StaffId;
  store_ids: StoreId[];
  merchant: string;
}

/** Whom a link invites, and where to. Refuses a link that was used, has expired or was taken back. */
export async function invitedBy(
  door: Door,
  token: string,
): Promise<Pick<InvitedRow, 'name' | 'email' | 'merchant'>> {
  const { db, id } = behind(door, token);
  const row = await db.read((tx) => openInvitation(tx, id));
  if (!row) throw invalidLink();
  const { name, email, merchant } = row;
  return { name, email, merchant };
}

/** Gives the invited person their account, once, and signs them in: answers the secret of the session. */
export async function acceptInvitation(door: Door, acceptance: Acceptance): Promise<string> {
  await invitedBy(door, acceptance.token);
  const passwordHash = await hashPassword(acceptance.password);
  const { db, id } = behind(door, acceptance.token);
  return db.write((tx) => accept(tx, id, { ...acceptance, passwordHash }));
}

async function accept(
  tx: TenantTx<Tenant>,
  id: number,
  { username, passwordHash, browser, requestId }: Acceptance & { passwordHash: string },
): Promise<string> {
  const at = new Date();
  const invited = await openInvitation(tx, id);
  if (!invited || !(await markAccepted(tx, id))) throw invalidLink();
  const { name, email, role, invited_by: inviter, store_ids: storeIds } = invited;
  const account = { name, email, username, passwordHash, role, storeIds };
  const staffId = await createStaff(tx, {
    ...account,
    act: { actor: { kind: 'staff', id: inviter }, requestId, at },
  });
  await writeAudit(tx, {
    actor: { kind: 'staff', id: staffId },
    action: 'invitation.accepted',
    entity: 'invitation',
    entityId: id,
    before: null,
    after: null,
    requestId,
    at,
  });
  return openStaffSession(tx, { id: staffId, role, browser });
}

/** A row that another request is accepting is waited for, and then accepted already. */
async function markAccepted({ sql, tenant }: TenantTx<Tenant>, id: number): Promise<boolean> {
  const { count } = await sql`
    UPDATE staff_invitations SET accepted_at = now()
    WHERE merchant_id = ${tenant.merchantId} AND id = ${id} AND accepted_at IS NULL AND expires_at > now()`;
  return count === 1;
}

async function openInvitation(
  { sql, tenant }: TenantTx<Tenant>,
  id: number,
): Promise<InvitedRow | undefined> {
  const [row] = await sql<InvitedRow[]>`
    SELECT invitation.name, email, role, invited_by, merchants.name AS merchant,
      (SELECT coalesce(jsonb_agg(store_id), '[]') FROM staff_invitation_stores AS its
       WHERE its.merchant_id = invitation.merchant_id AND invitation_id = invitation.id) AS store_ids
    FROM staff_invitations AS invitation JOIN merchants ON merchants.id = invitation.merchant_id
    WHERE merchant_id = ${tenant.merchantId} AND invitation.id = ${id} AND accepted_at IS NULL AND expires_at > now()`;
  return row;
}

function behind({ database, secret }: Door, token: string): { db: TenantDb<Tenant>; id: number } {
  const row = readSignedToken(secret, INVITATION_PURPOSE, token);
  if (!row) throw invalidLink();
  return { db: database.tenant({ merchantId: row.merchantId, storeId: null }), id: row.id };
}

function invalidLink() {
  return refusal('INVITATION_INVALID', 'This invitation was used, has expired or was taken back.');
}
