import type { Database } from '#core/db/database.ts';
import { SYSTEM, writeAudit } from '#core/security/audit.ts';
import { hashPassword } from '#core/security/password.ts';
import { newToken } from '#core/values/ids.ts';
import { staffByLogin } from './sign-in.ts';
import { endStaffSessions } from './staff-sessions.ts';

/**
 * Gives whoever signs in with this e-mail address or user name a password of the server's making, and answers it; null when nobody does.
 * All their sessions end. For those who hold the server: it asks for no right.
 */
export async function replacePassword(database: Database, login: string): Promise<string | null> {
  const staff = await staffByLogin(database, login.toLowerCase());
  if (!staff) return null;
  const password = newToken();
  const hash = await hashPassword(password);
  await database.tenant({ merchantId: staff.merchant_id, storeId: null }).write(async (tx) => {
    const { sql, tenant } = tx;
    await sql`UPDATE staff SET password_hash = ${hash} WHERE merchant_id = ${tenant.merchantId} AND id = ${staff.id}`;
    await endStaffSessions(tx, staff.id);
    await writeAudit(tx, {
      actor: SYSTEM,
      action: 'staff.password_replaced',
      entity: 'staff',
      entityId: staff.id,
      before: null,
      after: null,
      requestId: null,
      at: new Date(),
    });
  });
  return password;
}
