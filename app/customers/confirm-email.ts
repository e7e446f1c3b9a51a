import { violatedConstraint } from '#core/db/database-errors.ts';
import type { Database } from '#core/db/database.ts';
import type { Tenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { linkInvalid } from './account-links.ts';
import type { Confirmation } from './confirm-account.ts';
import { enterAnew, type Entrance } from './enter-anew.ts';
import { proveIdentity } from './sign-in-customer.ts';

/**
 * Gives an account the address whose mailbox the link was read in. The account's password is asked for, so that nobody gives their address
 * to a stranger's account in good faith, and with it their later orders. All sessions end, and one begins here. Refuses EMAIL_TAKEN, which
 * only the address's owner gets to read.
 */
export async function confirmEmail(
  database: Database,
  db: TenantDb<Tenant>,
  { id, password, address, fingerprint, requestId }: Confirmation,
): Promise<Entrance> {
  const customerId = await db.read((tx) => whoseWish(tx, id));
  await proveIdentity(database, db, { customerId, password, address });
  return db.write(async (tx) => {
    await fulfilWish(tx, id);
    return enterAnew(tx, { customerId, action: 'customer.email_changed', fingerprint, requestId });
  });
}

async function whoseWish({ sql, tenant }: TenantTx, id: number): Promise<CustomerId> {
  const [row] = await sql<{ customer_id: CustomerId }[]>`
    SELECT customer_id FROM customer_email_changes
    WHERE merchant_id = ${tenant.merchantId} AND id = ${id} AND used_at IS NULL AND expires_at > now()`;
  if (!row) throw linkInvalid();
  return row.customer_id;
}

/** What was sent to the former mailbox, or wished before, opens nothing any more. Two at once: the second waits, then finds the row used. */
async function fulfilWish({ sql, tenant }: TenantTx, id: number): Promise<void> {
  const { count } = await sql`
    WITH wish AS (
      UPDATE customer_email_changes SET used_at = now()
      WHERE merchant_id = ${tenant.merchantId} AND id = ${id} AND used_at IS NULL AND expires_at > now()
      RETURNING customer_id, email
    ), others AS (
      UPDATE customer_email_changes SET used_at = now()
      WHERE merchant_id = ${tenant.merchantId} AND customer_id IN (SELECT customer_id FROM wish) AND id <> ${id} AND used_at IS NULL
    ), resets AS (
      UPDATE customer_password_resets SET used_at = now()
      WHERE merchant_id = ${tenant.merchantId} AND customer_id IN (SELECT customer_id FROM wish) AND used_at IS NULL
    )
    UPDATE customers SET email = wish.email, version = version + 1 FROM wish
    WHERE merchant_id = ${tenant.merchantId} AND customers.id = wish.customer_id AND password_hash IS NOT NULL`.catch(
    (error: unknown) => {
      if (violatedConstraint(error) !== 'customers_merchant_id_email_key') throw error;
      throw refusal('EMAIL_TAKEN', 'Another customer has this e-mail address.', {
        errors: { email: ['is another customer’s'] },
      });
    },
  );
  if (count === 0) throw linkInvalid();
}
