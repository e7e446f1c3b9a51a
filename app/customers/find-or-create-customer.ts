import type { TenantTx } from '#core/db/tenant.ts';
import { newToken, type CustomerId } from '#core/values/ids.ts';

export interface Contact {
  readonly firstName: string;
  readonly lastName: string;
  /** Lower case, or null. */
  readonly email: string | null;
  /** Digits with an optional leading +, or null. */
  readonly mobile: string | null;
}

/**
 * The merchant's customer with this e-mail, else with this mobile, else a new one without a password. A known customer is neither
 * changed nor revealed by a guest's order. Two guests with one new e-mail at once: the second waits, then finds the first.
 */
export async function findOrCreateCustomer(tx: TenantTx, contact: Contact): Promise<CustomerId> {
  const first = await findOrInsert(tx, contact);
  // A twin's row that was committed while we waited is not in this statement's snapshot: the next one sees it.
  const id = first ?? (await findOrInsert(tx, contact));
  if (id === null) throw new Error('customer: neither found nor created');
  return id;
}

async function findOrInsert({ sql, tenant }: TenantTx, contact: Contact): Promise<CustomerId | null> {
  const [row] = await sql<{ id: CustomerId }[]>`
    WITH known AS (
      (SELECT id, 1 AS rank FROM customers WHERE merchant_id = ${tenant.merchantId} AND email = ${contact.email} LIMIT 1)
      UNION ALL
      (SELECT id, 2 FROM customers WHERE merchant_id = ${tenant.merchantId} AND mobile = ${contact.mobile} ORDER BY id LIMIT 1)
    ), created AS (
      INSERT INTO customers (merchant_id, public_id, first_name, last_name, email, mobile)
      SELECT ${tenant.merchantId}, ${newToken()}, ${contact.firstName}, ${contact.lastName}, ${contact.email}, ${contact.mobile}
      WHERE NOT EXISTS (SELECT FROM known)
      ON CONFLICT (merchant_id, email) DO NOTHING
      RETURNING id
    )
    SELECT id FROM (SELECT id, rank FROM known UNION ALL SELECT id, 3 FROM created) AS candidates ORDER BY rank LIMIT 1`;
  return row?.id ?? null;
}
