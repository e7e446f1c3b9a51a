import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { opaqueId, type InvitationId, type StaffId, type StoreId } from '#core/values/ids.ts';
import type { StaffRole } from './abilities.ts';
import type { SignedInStaff } from './staff-sessions.ts';
import type { Invitation, StaffMember } from './staff-view.ts';

export interface StaffRow {
  id: StaffId;
  name: string;
  email: string;
  username: string | null;
  role: StaffRole;
  version: number;
  created_at: Date;
  deactivated_at: Date | null;
  stores: StoreName[];
}

export interface InvitationRow {
  id: InvitationId;
  name: string;
  email: string;
  role: StaffRole;
  created_at: Date;
  expires_at: Date;
  invited_by: StaffId;
  inviter: string;
  stores: StoreName[];
}

interface StoreName {
  id: StoreId;
  name: string;
}

/** Whom one sees: everyone, or those who work where one does. */
type Onlooker = Pick<SignedInStaff, 'staffId' | 'abilities' | 'stores'>;

interface Page {
  readonly after: number;
  readonly limit: number;
}

/** Staff in the order in which they came, one more than the limit. */
export async function staffList(
  { sql, tenant }: TenantTx<Tenant>,
  onlooker: Onlooker,
  { after, limit }: Page,
): Promise<StaffRow[]> {
  return sql<StaffRow[]>`
    SELECT id, name, email, username, role, version, created_at, deactivated_at, ${storesOf(sql, 'staff')} AS stores
    FROM staff
    WHERE merchant_id = ${tenant.merchantId} AND id > ${after}
      AND (${seesAll(onlooker)} OR id = ${onlooker.staffId} OR EXISTS (
        SELECT FROM memberships AS shared WHERE shared.merchant_id = staff.merchant_id AND shared.staff_id = staff.id
          AND shared.store_id = ANY (${storeIds(onlooker)}::bigint[])))
    ORDER BY id LIMIT ${limit + 1}`;
}

/** One of the merchant's staff, or undefined. */
export async function staffMember(
  { sql, tenant }: TenantTx<Tenant>,
  id: StaffId,
): Promise<StaffRow | undefined> {
  const [row] = await sql<StaffRow[]>`
    SELECT id, name, email, username, role, version, created_at, deactivated_at, ${storesOf(sql, 'staff')} AS stores
    FROM staff WHERE merchant_id = ${tenant.merchantId} AND id = ${id}`;
  return row;
}

/** Invitations that nobody has accepted yet, expired ones too, one more than the limit. A manager sees those that a manager may make. */
export async function openInvitations(
  { sql, tenant }: TenantTx<Tenant>,
  onlooker: Onlooker,
  { after, limit }: Page,
): Promise<InvitationRow[]> {
  return sql<InvitationRow[]>`
    SELECT id, name, email, role, created_at, expires_at, invited_by,
      (SELECT staff.name FROM staff WHERE staff.merchant_id = staff_invitations.merchant_id AND staff.id = invited_by) AS inviter,
      ${storesOf(sql, 'staff_invitations')} AS stores
    FROM staff_invitations
    WHERE merchant_id = ${tenant.merchantId} AND id > ${after} AND accepted_at IS NULL
      AND (${seesAll(onlooker)} OR (role = 'staff' AND NOT EXISTS (
        SELECT FROM staff_invitation_stores AS its
        WHERE its.merchant_id = staff_invitations.merchant_id AND its.invitation_id = staff_invitations.id
          AND its.store_id <> ALL (${storeIds(onlooker)}::bigint[]))))
    ORDER BY id LIMIT ${limit + 1}`;
}

export function memberView(row: StaffRow): StaffMember {
  const { id, created_at, deactivated_at, stores, ...rest } = row;
  return {
    ...rest,
    id: opaqueId('sf', id),
    stores: stores.map(storeView),
    created_at: created_at.toISOString(),
    deactivated_at: deactivated_at?.toISOString() ?? null,
  };
}

export function invitationView(row: InvitationRow): Invitation {
  const { id, name, email, role, created_at, expires_at, inviter, stores } = row;
  return {
    id: opaqueId('in', id),
    name,
    email,
    role,
    stores: stores.map(storeView),
    invited_by: inviter,
    created_at: created_at.toISOString(),
    expires_at: expires_at.toISOString(),
  };
}

function storeView({ id, name }: StoreName) {
  return { id: opaqueId('st', id), name };
}

function seesAll({ abilities }: Onlooker): boolean {
  return abilities.includes('staff.manage');
}

function storeIds({ stores }: Onlooker): StoreId[] {
  return stores.map(({ id }) => id);
}

/** The stores of a person or of an invitation, as JSON in the order of their names. */
function storesOf(sql: TenantTx['sql'], whose: 'staff' | 'staff_invitations') {
  const assigned =
    whose === 'staff'
      ? sql`memberships AS its ON its.staff_id = staff.id`
      : sql`staff_invitation_stores AS its ON its.invitation_id = staff_invitations.id`;
  return sql`
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', stores.id, 'name', stores.name) ORDER BY stores.name, stores.id), '[]')
     FROM stores JOIN ${assigned} AND its.merchant_id = stores.merchant_id AND its.store_id = stores.id
     WHERE stores.merchant_id = ${sql(whose)}.merchant_id)`;
}
