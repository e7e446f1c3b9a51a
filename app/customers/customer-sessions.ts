import type { Database } from '#core/db/database.ts';
import type { Tenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { newSecret, secretHash } from '#core/security/secret-token.ts';
import type { CustomerId, MerchantId } from '#core/values/ids.ts';

/** A session ends after this long without use, and at the latest after the second, whatever happens. In days. */
const IDLE_DAYS_MAX = 14;
const SESSION_DAYS_MAX = 90;
/** `seen_at` is renewed no more often than this, so that reading seldom writes. In minutes. */
const SEEN_PRECISION_MINUTES = 60;

/** A customer at one of the merchant's storefronts. */
export interface SignedInCustomer {
  readonly merchantId: MerchantId;
  readonly customerId: CustomerId;
  readonly publicId: string;
  readonly sessionId: number;
}

/** Opens a session; answers the secret for its cookie, which is kept nowhere. Those that are over are forgotten. */
export async function openCustomerSession(
  { sql, tenant }: TenantTx,
  { customerId, fingerprint }: { customerId: CustomerId; fingerprint: string },
): Promise<string> {
  const secret = newSecret();
  await sql`
    WITH forgotten AS (
      DELETE FROM customer_sessions
      WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId}
        AND (expires_at <= now() OR seen_at <= now() - make_interval(days => ${IDLE_DAYS_MAX}))
    ), session AS (
      INSERT INTO customer_sessions (merchant_id, customer_id, fingerprint, expires_at)
      VALUES (${tenant.merchantId}, ${customerId}, ${fingerprint}, now() + make_interval(days => ${SESSION_DAYS_MAX}))
      RETURNING id
    )
    INSERT INTO directory_customer_sessions (token_hash, merchant_id, session_id)
    SELECT ${secretHash(secret)}, ${tenant.merchantId}, id FROM session`;
  return secret;
}

/** Who holds this secret, or null when its session ended or another browser shows it. */
export async function customerBySecret(
  database: Database,
  secret: string,
  fingerprint: string,
): Promise<SignedInCustomer | null> {
  const [found] = await database.directory<{ merchant_id: MerchantId; session_id: number }[]>`
    SELECT merchant_id, session_id FROM directory_customer_sessions WHERE token_hash = ${secretHash(secret)}`;
  if (!found) return null;
  const db = database.tenant({ merchantId: found.merchant_id, storeId: null });
  return customerBySession(db, found.session_id, fingerprint);
}

/** The same by the session's number; `fingerprint` null where the browser was checked before (a socket's ticket). */
export async function customerBySession(
  db: TenantDb<Tenant>,
  sessionId: number,
  fingerprint: string | null,
): Promise<SignedInCustomer | null> {
  const session = await db.read((tx) => readSession(tx, sessionId, fingerprint));
  if (!session) return null;
  if (session.stale) await db.write((tx) => markSeen(tx, sessionId));
  const { customer_id: customerId, public_id: publicId } = session;
  return { merchantId: db.tenant.merchantId, customerId, publicId, sessionId };
}

interface SessionRow {
  customer_id: CustomerId;
  public_id: string;
  stale: boolean;
}

async function readSession(
  { sql, tenant }: TenantTx,
  sessionId: number,
  fingerprint: string | null,
): Promise<SessionRow | undefined> {
  const [row] = await sql<SessionRow[]>`
    SELECT customer_id, public_id, seen_at < now() - make_interval(mins => ${SEEN_PRECISION_MINUTES}) AS stale
    FROM customer_sessions AS session
      JOIN customers ON customers.merchant_id = session.merchant_id AND customers.id = session.customer_id
    WHERE session.merchant_id = ${tenant.merchantId} AND session.id = ${sessionId}
      AND fingerprint = coalesce(${fingerprint}, fingerprint)
      AND expires_at > now() AND seen_at > now() - make_interval(days => ${IDLE_DAYS_MAX})`;
  return row;
}

async function markSeen({ sql, tenant }: TenantTx, sessionId: number): Promise<void> {
  await sql`UPDATE customer_sessions SET seen_at = now() WHERE merchant_id = ${tenant.merchantId} AND id = ${sessionId}`;
}

/** Those of the sessions that are no more, of all merchants at once: the directory loses a session's line with the session. */
export async function endedCustomerSessions<Session extends { merchantId: MerchantId; sessionId: number }>(
  { directory }: Database,
  sessions: readonly Session[],
): Promise<Session[]> {
  const merchants = sessions.map(({ merchantId }) => merchantId);
  const ids = sessions.map(({ sessionId }) => sessionId);
  const alive = await directory<{ merchant_id: MerchantId; session_id: number }[]>`
    SELECT merchant_id, session_id FROM directory_customer_sessions
    WHERE (merchant_id, session_id) IN (SELECT unnest(${merchants}::bigint[]), unnest(${ids}::bigint[]))`;
  const names = new Set(alive.map(({ merchant_id, session_id }) => `${merchant_id} ${session_id}`));
  return sessions.filter(({ merchantId, sessionId }) => !names.has(`${merchantId} ${sessionId}`));
}

export interface CustomerSessionRow {
  id: number;
  created_at: Date;
  seen_at: Date;
}

/** The sessions that are open, newest first. */
export async function sessionsOf(
  { sql, tenant }: TenantTx,
  customerId: CustomerId,
): Promise<CustomerSessionRow[]> {
  return sql<CustomerSessionRow[]>`
    SELECT id, created_at, seen_at FROM customer_sessions
    WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId}
      AND expires_at > now() AND seen_at > now() - make_interval(days => ${IDLE_DAYS_MAX})
    ORDER BY created_at DESC, id DESC`;
}

/** Ends one session of the customer; false when they have no such session. */
export async function endCustomerSession(
  { sql, tenant }: TenantTx,
  { customerId, sessionId }: Pick<SignedInCustomer, 'customerId' | 'sessionId'>,
): Promise<boolean> {
  const { count } = await sql`
    DELETE FROM customer_sessions
    WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId} AND id = ${sessionId}`;
  return count === 1;
}

/** Ends all sessions of the customer but the one to be kept, if any. */
export async function endCustomerSessions(
  { sql, tenant }: TenantTx,
  customerId: CustomerId,
  { except = null }: { except?: number | null } = {},
): Promise<void> {
  await sql`
    DELETE FROM customer_sessions
    WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId} AND id IS DISTINCT FROM ${except}::bigint`;
}
