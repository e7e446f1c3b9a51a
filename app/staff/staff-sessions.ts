import type { Database } from '#core/db/database.ts';
import type { StoreTenant, Tenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import type { Browser } from '#core/security/browser.ts';
import { newSecret, secretHash } from '#core/security/secret-token.ts';
import type { MerchantId, StaffId, StoreId } from '#core/values/ids.ts';
import { abilitiesOf, type StaffAbility, type StaffRole } from './abilities.ts';

/** A session ends after this long without use, and at the latest after the second, whatever happens. In hours. */
const IDLE_HOURS_MAX = 12;
const SESSION_HOURS_MAX = 24 * 14;
/** `seen_at` is renewed no more often than this, so that reading a page seldom writes. In minutes. */
const SEEN_PRECISION_MINUTES = 5;

/** Longer ones are cut: what a browser calls itself is only to be known again. In characters. */
const USER_AGENT_LENGTH_MAX = 300;

/** Whoever works at a store, a person or a program with a key: what both have. */
export interface AtStore {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly name: string;
  /** What may be done there. */
  readonly abilities: readonly StaffAbility[];
}

export interface SignedInStaff {
  readonly merchantId: MerchantId;
  readonly staffId: StaffId;
  readonly sessionId: number;
  readonly name: string;
  readonly role: StaffRole;
  readonly abilities: readonly StaffAbility[];
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

/** Opens a session; answers the secret for its cookie, which is kept nowhere. A single store is entered at once. Sessions of the person that are over go. */
export async function openStaffSession(
  tx: TenantTx,
  staff: { id: StaffId; role: StaffRole; browser: Browser },
): Promise<string> {
  const { sql, tenant } = tx;
  const stores = await enterableStores(tx, staff);
  const secret = newSecret();
  await sql`
    WITH over AS (
      DELETE FROM staff_sessions WHERE merchant_id = ${tenant.merchantId} AND staff_id = ${staff.id} AND NOT (${livingSession(tx)})
    ), session AS (
      INSERT INTO staff_sessions (merchant_id, staff_id, store_id, fingerprint, user_agent, expires_at)
      VALUES (${tenant.merchantId}, ${staff.id}, ${stores.length === 1 ? (stores[0]?.id ?? null) : null}, ${staff.browser.fingerprint},
        ${staff.browser.userAgent.slice(0, USER_AGENT_LENGTH_MAX)}, now() + make_interval(hours => ${SESSION_HOURS_MAX}))
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
  const found = await sessionBehind(database, secret);
  if (!found) return null;
  const { merchantId, sessionId } = found;
  return staffBySession(database.tenant({ merchantId, storeId: null }), sessionId, fingerprint);
}

async function sessionBehind({ directory }: Database, secret: string) {
  const [found] = await directory<{ merchantId: MerchantId; sessionId: number }[]>`
    SELECT merchant_id AS "merchantId", session_id AS "sessionId" FROM directory_staff_sessions WHERE token_hash = ${secretHash(secret)}`;
  return found ?? null;
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
  managers_manage_loyalty: boolean;
  stale: boolean;
}

async function readSession(tx: TenantTx, sessionId: number, fingerprint: string | null) {
  const { sql, tenant } = tx;
  const [row] = await sql<SessionRow[]>`
    SELECT staff_id, store_id, staff.name, role, managers_manage_loyalty, seen_at < now() - make_interval(mins => ${SEEN_PRECISION_MINUTES}) AS stale
    FROM staff_sessions AS session JOIN staff USING (merchant_id) JOIN merchants ON merchants.id = session.merchant_id
    WHERE session.merchant_id = ${tenant.merchantId} AND session.id = ${sessionId} AND staff.id = session.staff_id
      AND staff.deactivated_at IS NULL AND ${livingSession(tx)}
      AND (${fingerprint}::text IS NULL OR fingerprint = ${fingerprint})`;
  if (!row) return null;
  const stores = await enterableStores(tx, { id: row.staff_id, role: row.role });
  const storeId = stores.some(({ id }) => id === row.store_id) ? row.store_id : null;
  const { name, role, stale } = row;
  return {
    stale,
    staff: {
      merchantId: tenant.merchantId,
      staffId: row.staff_id,
      sessionId,
      name,
      role,
      abilities: abilitiesOf(role, { managersManageLoyalty: row.managers_manage_loyalty }),
      storeId,
      stores,
    },
  };
}

/** Whether a row of staff_sessions has neither reached its last hour nor been unused for too long. */
export function livingSession({ sql }: Pick<TenantTx, 'sql'>) {
  return sql`expires_at > now() AND seen_at > now() - make_interval(hours => ${IDLE_HOURS_MAX})`;
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

/** Ends the session behind a secret, whosever it is, and answers it; null when there is none. */
export async function endSessionBehind(
  database: Database,
  secret: string,
): Promise<{ readonly merchantId: MerchantId; readonly sessionId: number } | null> {
  const found = await sessionBehind(database, secret);
  if (!found) return null;
  const db = database.tenant({ merchantId: found.merchantId, storeId: null });
  await db.write((tx) => endStaffSession(tx, found.sessionId));
  return found;
}

/** Ends all sessions of a person but the one that is kept; answers which, for their sockets to be closed after COMMIT. */
export async function endStaffSessions(
  { sql, tenant }: TenantTx,
  staffId: StaffId,
  keptId: number | null = null,
): Promise<number[]> {
  const ended = await sql<{ id: number }[]>`
    DELETE FROM staff_sessions
    WHERE merchant_id = ${tenant.merchantId} AND staff_id = ${staffId} AND id IS DISTINCT FROM ${keptId}::bigint RETURNING id`;
  return ended.map(({ id }) => id);
}

/** The sessions of a person. */
export async function staffSessionIds({ sql, tenant }: TenantTx, staffId: StaffId): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    SELECT id FROM staff_sessions WHERE merchant_id = ${tenant.merchantId} AND staff_id = ${staffId}`;
  return rows.map(({ id }) => id);
}

/** Those of the sessions that are no more, of all merchants at once: the directory loses a session's line with the session. */
export async function endedSessions<Session extends { merchantId: MerchantId; sessionId: number }>(
  { directory }: Database,
  sessions: readonly Session[],
): Promise<Session[]> {
  const merchants = sessions.map(({ merchantId }) => merchantId);
  const ids = sessions.map(({ sessionId }) => sessionId);
  const alive = await directory<{ name: string }[]>`
    SELECT merchant_id || ' ' || session_id AS name FROM directory_staff_sessions
    WHERE (merchant_id, session_id) IN (SELECT unnest(${merchants}::bigint[]), unnest(${ids}::bigint[]))`;
  const names = new Set(alive.map(({ name }) => name));
  return sessions.filter(({ merchantId, sessionId }) => !names.has(`${merchantId} ${sessionId}`));
}

/** Gives a session a new secret and answers it; the former opens nothing from then on. */
export async function renewSessionSecret({ sql, tenant }: TenantTx, sessionId: number): Promise<string> {
  const secret = newSecret();
  await sql`
    UPDATE directory_staff_sessions SET token_hash = ${secretHash(secret)}
    WHERE merchant_id = ${tenant.merchantId} AND session_id = ${sessionId}`;
  return secret;
}

/** The tenant of whoever works at a store. */
export function tenantOf(staff: AtStore): StoreTenant {
  return { merchantId: staff.merchantId, storeId: staff.storeId };
}
