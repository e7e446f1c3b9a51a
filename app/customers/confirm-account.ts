import type { Database } from '#core/db/database.ts';
import type { Tenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { verifyPassword } from '#core/security/password.ts';
import { attemptSignIn } from '#core/security/sign-in-attempts.ts';
import { newToken, type CustomerId } from '#core/values/ids.ts';
import { linkInvalid } from './account-links.ts';
import { enterAnew, type Entrance } from './enter-anew.ts';

export interface Confirmation {
  /** The row that a valid link led to. */
  readonly id: number;
  readonly password: string;
  readonly address: string;
  readonly fingerprint: string;
  readonly requestId: string;
}

/**
 * Fulfils the wish for an account: the guest's record of this mailbox becomes the account, with its orders, or a new one is made. The
 * password of the wish is asked for, so that nobody confirms in good faith the wish of a stranger who wrote down their address.
 */
export async function confirmAccount(
  database: Database,
  db: TenantDb<Tenant>,
  confirmation: Confirmation,
): Promise<Entrance> {
  const { id, password, address, fingerprint, requestId } = confirmation;
  const passwordHash = await db.read((tx) => openWish(tx, id));
  await attemptSignIn(database, {
    account: `registration ${db.tenant.merchantId} ${id}`,
    address,
    check: async () => ((await verifyPassword(password, passwordHash)) ? true : null),
  });
  return db.write(async (tx) => {
    const customerId = await fulfilWish(tx, id);
    return enterAnew(tx, { customerId, action: 'customer.registered', fingerprint, requestId });
  });
}

async function openWish({ sql, tenant }: TenantTx, id: number): Promise<string> {
  const [row] = await sql<{ password_hash: string }[]>`
    SELECT password_hash FROM customer_registrations
    WHERE merchant_id = ${tenant.merchantId} AND id = ${id} AND used_at IS NULL AND expires_at > now()`;
  if (!row) throw linkInvalid();
  return row.password_hash;
}

/** Two at once: the second waits for the row, then finds it used. */
async function fulfilWish({ sql, tenant }: TenantTx, id: number): Promise<CustomerId> {
  const [row] = await sql<{ id: CustomerId }[]>`
    WITH wish AS (
      UPDATE customer_registrations SET used_at = now()
      WHERE merchant_id = ${tenant.merchantId} AND id = ${id} AND used_at IS NULL AND expires_at > now()
      RETURNING email, first_name, last_name, mobile, password_hash
    )
    INSERT INTO customers AS known (merchant_id, public_id, first_name, last_name, email, mobile, password_hash)
    SELECT ${tenant.merchantId}, ${newToken()}, first_name, last_name, email, mobile, password_hash FROM wish
    ON CONFLICT (merchant_id, email) DO UPDATE SET first_name = excluded.first_name, last_name = excluded.last_name,
      mobile = coalesce(excluded.mobile, known.mobile), password_hash = excluded.password_hash, version = known.version + 1
    RETURNING id`;
  if (!row) throw linkInvalid();
  return row.id;
}
