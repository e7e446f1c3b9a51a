import type { Database } from '#core/db/database.ts';
import type { Tenant, TenantDb } from '#core/db/tenant.ts';
import { verifyPassword } from '#core/security/password.ts';
import { attemptSignIn } from '#core/security/sign-in-attempts.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { refusal } from '../errors.ts';
import type { Entrance } from './enter-anew.ts';
import { accountByEmail } from './customer-queries.ts';
import { openCustomerSession } from './customer-sessions.ts';

interface Credentials {
  /** Lower case. */
  readonly email: string;
  readonly password: string;
  readonly address: string;
  readonly fingerprint: string;
}

/** Signs a customer in at their merchant. An unknown address, a guest's and a wrong password are told alike, and take as long. */
export async function signInCustomer(
  database: Database,
  db: TenantDb<Tenant>,
  { email, password, address, fingerprint }: Credentials,
): Promise<Entrance> {
  const { id: customerId } = await attemptSignIn(database, {
    account: `customer ${db.tenant.merchantId} ${email}`,
    address,
    check: async () => {
      const account = await db.read((tx) => accountByEmail(tx, email));
      const known = await verifyPassword(password, account?.password_hash ?? null);
      return account && known ? account : null;
    },
  });
  const secret = await db.write((tx) => openCustomerSession(tx, { customerId, fingerprint }));
  return { customerId, secret };
}

interface Proof {
  readonly customerId: number;
  readonly password: string;
  readonly address: string;
}

/** Asks a signed-in customer for their password again. Refuses PASSWORD_WRONG, naming the field that it came in: they stay signed in. */
export async function askPassword(
  database: Database,
  db: TenantDb<Tenant>,
  { field, ...proof }: Proof & { readonly field: string },
): Promise<void> {
  await proveIdentity(database, db, proof).catch((error: unknown) => {
    if (!(error instanceof DomainError) || error.code !== 'SIGN_IN_FAILED') throw error;
    throw refusal('PASSWORD_WRONG', 'This is not your present password.', {
      errors: { [field]: ['is not your present password'] },
    });
  });
}

/** Holds a customer's password against theirs, under the same limits as signing in. */
export async function proveIdentity(
  database: Database,
  db: TenantDb<Tenant>,
  { customerId, password, address }: Proof,
): Promise<void> {
  await attemptSignIn(database, {
    account: `customer ${db.tenant.merchantId} #${customerId}`,
    address,
    check: async () => {
      const [row] = await db.read(
        ({ sql, tenant }) => sql<{ password_hash: string | null }[]>`
          SELECT password_hash FROM customers WHERE merchant_id = ${tenant.merchantId} AND id = ${customerId}`,
      );
      return (await verifyPassword(password, row?.password_hash ?? null)) ? true : null;
    },
  });
}
