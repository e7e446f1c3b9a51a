import type { Database } from '#core/db/database.ts';
import type { StoreTenant, Tenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { newSecret, secretHash } from '#core/security/secret-token.ts';
import type { MerchantId, StaffId, StoreId } from '#core/values/ids.ts';
import type { StaffRole } from './abilities.ts';

/** A session ends after this long without use, and at the latest after the second, whatever happens. In hours. */
const IDLE_HOURS_MAX = 12;
const SESSION_HOURS_MAX = 24 * 14;
/** `seen_at` is renewed no more often than this, so that reading a page seldom writes. In minutes. */
const SEEN_PRECISION_MINUTES = 5;

export interface SignedInStaff {
  readonly merchantId: MerchantId;
  readonly staffId: StaffId;
  readonly sessionId: number;
  readonly name: string;
  readonly role: StaffRole;
  /** The store that was chosen, if it may still be entered. */
  readonly storeId: StoreId | null;
  /** All stores that may be entered. */
  readonly stores: readonly EnterableStore[];
}

export interface StaffAtStore extends SignedInStaff {
  readonly storeId: StoreId;
}

export interface EnterableStore {
  readonly id: StoreId;
  readonly slug: string;
  readonly name: string;
}

/** Opens a session; answers the secret for its cookie, which is kept nowhere. A single store is entered at once. */
export async function openStaffSession(
  tx: TenantTx,
  staff: { id: StaffId; role: StaffRole; fingerprint: string },
): Promise<string> {
  const { sql, tenant } = tx;
  const stores = await enterableStores(tx, staff);
  const secret = newSecret();
  await sql`
    WITH session AS (
      INSERT INTO staff_sessions (merchant_id, staff_id, store_id, fingerprint, expires_at)
      VALUES (${tenant.merchantId}, ${staff.id}, ${stores.length === 1 ? (stores[0]?.id ?? null) : null}, ${staff.fingerprint},
        now() + make_interval(hours => ${SESSION_HOURS_MAX}))
      RETURNING id
    )
    INSERT INTO directory_staff_sessions (token_hash, merchant_id, session_id)
    SELECT ${secretHash(secret)}, ${tenant.merchantId}, id FROM session`;
  return secret;
}

/** Who holds this secret, or null when its session ended, its owner was deactivated or another browser shows it. */
export async function staffBySecret(
  database: Database,
  secret: string,
  fingerprint: string,
): Promise<SignedInStaff | null> {
  const [found] = await database.directory<{ merchant_id: MerchantId; session_id: number }[]>`
    SELECT merchant_id, session_id FROM directory_staff_sessions WHERE token_hash = ${secretHash(secret)}`;
  if (!found) return null;
  const db = database.tenant({ merchantId: found.merchant_id, storeId: null });
  return staffBySession(db, found.session_id, fingerprint);
}

/** The same by the session's number; `fingerprint` null where the browser was checked before (a socket's ticket). */
export async function staffBySession(
  db: TenantDb<Tenant>,
  sessionId: number,
  fingerprint: string | null,
): Promise<SignedInStaff | null> {
  const found = await db.read((tx) => readSession(tx, sessionId, fingerprint));
  if (found?.stale)
    await db.write(
      ({ sql, tenant }) => sql`
    UPDATE staff_sessions SET seen_at = now() WHERE merchant_id = ${tenant.merchantId} AND id = ${sessionId}`,
    );
  return found?.staff ?? null;
}

interface SessionRow {
  staff_id: StaffId;
  store_id: StoreId | null;
  name: string;
  role: StaffRole;
  stale: boolean;
}

async function readSession(tx: TenantTx, sessionId: number, fingerprint: string | null) {
  const { sql, tenant } = tx;
  const [row] = await sql<SessionRow[]>`
    SELECT staff_id, store_id, name, role, seen_at < now() - make_interval(mins => ${SEEN_PRECISION_MINUTES}) AS stale
    FROM staff_sessions AS session JOIN staff USING (merchant_id)
    WHERE session.merchant_id = ${tenant.merchantId} AND session.id = ${sessionId} AND staff.id = session.staff_id
      AND staff.deactivated_at IS NULL AND expires_at > now() AND seen_at > now() - make_interval(hours => ${IDLE_HOURS_MAX})
      AND (${fingerprint}::text IS NULL OR fingerprint = ${fingerprint})`;
  if (!row) return null;
  const stores = await enterableStores(tx, { id: row.staff_id, role: row.role });
  const storeId = stores.some(({ id }) => id === row.store_id) ? row.store_id : null;
  const { name, role, stale } = row;
  return {
    stale,
    staff: { merchantId: tenant.merchantId, staffId: row.staff_id, sessionId, name, role, storeId, stores },
  };
}

async function enterableStores(
  { sql, tenant }: TenantTx,
  staff: { id: StaffId; role: StaffRole },
): Promise<EnterableStore[]> {
  return sql<EnterableStore[]>`
    SELECT id, slug, name FROM stores
    WHERE merchant_id = ${tenant.merchantId} AND (${staff.role === 'owner'} OR EXISTS (
      SELECT FROM memberships WHERE memberships.merchant_id = stores.merchant_id AND store_id = stores.id AND staff_id = ${staff.id}))
    ORDER BY name, id`;
}

/** Binds the session to a store. The caller has checked that it may be entered. */
export async function chooseStore(
  { sql, tenant }: TenantTx,
  sessionId: number,
  storeId: StoreId,
): Promise<void> {
  await sql`UPDATE staff_sessions SET store_id = ${storeId} WHERE merchant_id = ${tenant.merchantId} AND id = ${sessionId}`;
}

/** Ends a session; its cookie and its tickets go with it. */
export async function endStaffSession({ sql, tenant }: TenantTx, sessionId: number): Promise<void> {
  await sql`DELETE FROM staff_sessions WHERE merchant_id = ${tenant.merchantId} AND id = ${sessionId}`;
}

/** The tenant of staff at their store. */
export function tenantOf(staff: StaffAtStore): StoreTenant {
  return { merchantId: staff.merchantId, storeId: staff.storeId };
}
