import { violatedConstraint } from '#core/db/database-errors.ts';
import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import { opaqueId, type StaffId, type StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { StaffRole } from './abilities.ts';

export interface NewStaff {
  readonly name: string;
  readonly email: string;
  readonly username: string | null;
  /** Of hashPassword, made before the transaction: it takes long. */
  readonly passwordHash: string;
  readonly role: StaffRole;
  /** The stores that a manager or staff member may enter; an owner has all without being listed. */
  readonly storeIds: readonly StoreId[];
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

/** Gives a person an account of the merchant. Refuses LOGIN_TAKEN when someone, of any merchant, signs in with the e-mail or the name. */
export async function createStaff(tx: TenantTx<Tenant>, staff: NewStaff): Promise<StaffId> {
  const { name, role, act } = staff;
  const email = staff.email.trim().toLowerCase();
  const username = staff.username?.trim().toLowerCase() ?? null;
  const id = await insertStaff(tx, { ...staff, email, username }).catch((error: unknown) => {
    throw isLoginTaken(error) ? loginTaken() : error;
  });
  await writeAudit(tx, {
    ...act,
    action: 'staff.created',
    entity: 'staff',
    entityId: id,
    before: null,
    after: { name, role, stores: staff.storeIds.map((store) => opaqueId('st', store)) },
  });
  return id;
}

async function insertStaff({ sql, tenant }: TenantTx<Tenant>, staff: NewStaff): Promise<StaffId> {
  const { name, email, username, passwordHash, role, storeIds, act } = staff;
  const logins = [email, ...(username === null ? [] : [username])];
  const [row] = await sql<{ id: StaffId }[]>`
    WITH person AS (
      INSERT INTO staff (merchant_id, name, email, username, password_hash, role, created_at)
      VALUES (${tenant.merchantId}, ${name}, ${email}, ${username}, ${passwordHash}, ${role}, ${act.at})
      RETURNING merchant_id, id
    ), listed AS (
      INSERT INTO directory_staff (login, merchant_id, staff_id) SELECT unnest(${logins}::text[]), merchant_id, id FROM person
    ), assigned AS (
      INSERT INTO memberships (merchant_id, store_id, staff_id) SELECT merchant_id, unnest(${storeIds}::bigint[]), id FROM person
    )
    SELECT id FROM person`;
  if (!row) throw new Error('staff: the insert returned no row');
  return row.id;
}

const LOGIN_CONSTRAINTS: ReadonlySet<string | null> = new Set([
  'staff_merchant_id_email_key',
  'staff_merchant_id_username_key',
  'directory_staff_pkey',
]);

function isLoginTaken(error: unknown): boolean {
  return LOGIN_CONSTRAINTS.has(violatedConstraint(error));
}

/** Does not say which of the two, or whose: a merchant learns nothing of another's staff. */
function loginTaken() {
  return refusal('LOGIN_TAKEN', 'Someone already signs in with this e-mail address or user name.', {
    errors: { email: ['or the user name is taken'] },
  });
}
