import type { Database } from '#core/db/database.ts';
import type { Browser } from '#core/security/browser.ts';
import { verifyPassword } from '#core/security/password.ts';
import { writeAudit } from '#core/security/audit.ts';
import { attemptSignIn } from '#core/security/sign-in-attempts.ts';
import type { MerchantId, StaffId } from '#core/values/ids.ts';
import type { StaffRole } from './abilities.ts';
import { openStaffSession } from './staff-sessions.ts';

export interface Credentials {
  /** E-mail address or user name. */
  readonly login: string;
  readonly password: string;
  readonly address: string;
  readonly browser: Browser;
  readonly requestId: string;
}

/** Signs staff in and answers the secret of a new session. A wrong name and a wrong password are told alike, and take as long. */
export async function signInStaff(database: Database, credentials: Credentials): Promise<string> {
  const { login, password, address } = credentials;
  const account = login.toLowerCase();
  const staff = await attemptSignIn(database, {
    account,
    address,
    check: async () => {
      const found = await staffByLogin(database, account);
      const known = await verifyPassword(password, found?.password_hash ?? null);
      return found && known ? found : null;
    },
  });
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
    return openStaffSession(tx, { id: staff.id, role: staff.role, browser: credentials.browser });
  });
}

interface StaffRow {
  merchant_id: MerchantId;
  id: StaffId;
  role: StaffRole;
  password_hash: string;
}

const NOBODY = { merchant_id: 0 as MerchantId, staff_id: 0 as StaffId };

/** Who signs in with this name, in lower case, and is not deactivated. */
export async function staffByLogin(database: Database, login: string): Promise<StaffRow | undefined> {
  const [found] = await database.directory<{ merchant_id: MerchantId; staff_id: StaffId }[]>`
    SELECT merchant_id, staff_id FROM directory_staff WHERE login = ${login}`;
  // Looked for where nobody is, too: a name that exists must not take longer.
  const { merchant_id: merchantId, staff_id: staffId } = found ?? NOBODY;
  const [staff] = await database.tenant({ merchantId, storeId: null }).read(
    ({ sql }) => sql<StaffRow[]>`
      SELECT merchant_id, id, role, password_hash FROM staff
      WHERE merchant_id = ${merchantId} AND id = ${staffId} AND deactivated_at IS NULL`,
  );
  return staff;
}
