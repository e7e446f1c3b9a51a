import type { TenantTx } from '#core/db/tenant.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { endCustomerSessions, type SignedInCustomer } from './customer-sessions.ts';

/** What is undefined stays as it is. */
interface ProfileChanges {
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  /** Null: none. */
  readonly mobile: string | null | undefined;
}

/** A customer's own change. The e-mail address stays: another one must be proven to be theirs; see request-email-change.ts. */
export async function changeOwnProfile(
  { sql, tenant }: TenantTx,
  id: CustomerId,
  { firstName, lastName, mobile }: ProfileChanges,
): Promise<void> {
  await sql`
    UPDATE customers SET
      first_name = coalesce(${firstName ?? null}, first_name), last_name = coalesce(${lastName ?? null}, last_name),
      mobile = CASE WHEN ${mobile === undefined} THEN mobile ELSE ${mobile ?? null} END, version = version + 1
    WHERE merchant_id = ${tenant.merchantId} AND id = ${id}`;
}

/** A new password; whoever signed in with the old one elsewhere is signed out. */
export async function changePassword(
  tx: TenantTx,
  { customerId, sessionId }: SignedInCustomer,
  passwordHash: string,
): Promise<void> {
  const { sql, tenant } = tx;
  await sql`
    UPDATE customers SET password_hash = ${passwordHash}, version = version + 1
    WHERE merchant_id = ${tenant.merchantId} AND id = ${customerId}`;
  await endCustomerSessions(tx, customerId, { except: sessionId });
}
