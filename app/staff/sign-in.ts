import type { Database } from '#core/db/database.ts';
import { verifyPassword } from '#core/security/password.ts';
import { secretHash } from '#core/security/secret-token.ts';
import { writeAudit } from '#core/security/audit.ts';
import type { MerchantId, StaffId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { StaffRole } from './abilities.ts';
import { openStaffSession } from './staff-sessions.ts';

export interface Credentials {
  /** E-mail address or user name. */
  readonly login: string;
  readonly password: string;
  readonly address: string;
  readonly fingerprint: string;
  readonly requestId: string;
}

/** Wrong passwords for one account from one address within a minute before the door closes. */
const FAILURES_MAX = 5;
/** The lockout grows by one minute with each further failure, between these bounds. In minutes. */
const LOCKOUT_MIN_MINUTES = 5;
const LOCKOUT_MAX_MINUTES = 15;

/** Signs staff in and answers the secret of a new session. A wrong name and a wrong password are told alike, and take as long. */
export async function signInStaff(database: Database, credentials: Credentials): Promise<string> {
  const subject = secretHash(`${credentials.login.toLowerCase()} ${credentials.address}`).toString(
    'base64url',
  );
  await refuseLocked(database, subject);
  const staff = await staffByLogin(database, credentials.login.toLowerCase());
  const known = await verifyPassword(credentials.password, staff?.password_hash ?? null);
  if (!staff || !known) {
    await countFailure(database, subject);
    throw refusal('SIGN_IN_FAILED', 'This name and password do not belong together.');
  }
  await database.directory`DELETE FROM directory_sign_in_attempts WHERE subject = ${subject}`;
  return database.tenant({ merchantId: staff.merchant_id, storeId: null }).write(async (tx) => {
    await writeAudit(tx, {
      actor: { kind: 'staff', id: staff.id },
      action: 'staff.signed_in',
      entity: 'staff',
      entityId: staff.id,
      before: null,
      after: null,
      requestId: credentials.requestId,
      at: new Date(),
    });
    return openStaffSession(tx, { id: staff.id, role: staff.role, fingerprint: credentials.fingerprint });
  });
}

interface StaffRow {
  merchant_id: MerchantId;
  id: StaffId;
  role: StaffRole;
  password_hash: string;
}

async function staffByLogin(database: Database, login: string): Promise<StaffRow | undefined> {
  const [found] = await database.directory<{ merchant_id: MerchantId; staff_id: StaffId }[]>`
    SELECT merchant_id, staff_id FROM directory_staff WHERE login = ${login}`;
  if (!found) return undefined;
  const [staff] = await database.tenant({ merchantId: found.merchant_id, storeId: null }).read(
    ({ sql }) => sql<StaffRow[]>`
      SELECT merchant_id, id, role, password_hash FROM staff
      WHERE merchant_id = ${found.merchant_id} AND id = ${found.staff_id} AND deactivated_at IS NULL`,
  );
  return staff;
}

async function refuseLocked({ directory }: Database, subject: string): Promise<void> {
  const [row] = await directory<{ seconds: number }[]>`
    SELECT ceil(extract(epoch FROM locked_until - now()))::int AS seconds FROM directory_sign_in_attempts
    WHERE subject = ${subject} AND locked_until > now()`;
  if (row)
    throw refusal(
      'SIGN_IN_LOCKED',
      `Too many attempts. Try again in ${Math.ceil(row.seconds / 60)} minutes.`,
      { retry_after: row.seconds },
    );
}

async function countFailure({ directory }: Database, subject: string): Promise<void> {
  await directory`
    INSERT INTO directory_sign_in_attempts AS kept (subject, failures, window_started_at) VALUES (${subject}, 1, now())
    ON CONFLICT (subject) DO UPDATE SET
      failures = CASE WHEN now() > coalesce(kept.locked_until, kept.window_started_at) + interval '1 minute' THEN 1 ELSE kept.failures + 1 END,
      window_started_at = CASE WHEN now() > kept.window_started_at + interval '1 minute' THEN now() ELSE kept.window_started_at END,
      locked_until = CASE WHEN kept.failures + 1 >= ${FAILURES_MAX} AND now() <= coalesce(kept.locked_until, kept.window_started_at) + interval '1 minute'
        THEN now() + make_interval(mins => least(${LOCKOUT_MAX_MINUTES}, ${LOCKOUT_MIN_MINUTES} + kept.failures + 1 - ${FAILURES_MAX})) END`;
}
