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
 * changed nor revealed by a guest's order. By mobile only those without an e-mail are found: whoever proves a mailbox sees the orders of
 * its record, and must not see those of everyone who wrote the same number. Two guests with one new e-mail at once: the second waits,
 * then finds the first. With `lock`, whatever counts what this customer has had comes after us, whoever orders for them.
 */
export async function findOrCreateCustomer(
  tx: TenantTx,
  contact: Contact,
  { lock = false } = {},
): Promise<CustomerId> {
  const first = await findOrInsert(tx, contact, lock);
  // A twin's row that was committed while we waited is not in this statement's snapshot: the next one sees it.
  const id = first ?? (await findOrInsert(tx, contact, lock));
  if (id === null) throw new Error('customer: neither found nor created');
  return id;
}

/** What is found stays until the order refers to it: two records may just be merged, or one be erased. */
async function findOrInsert(
  { sql, tenant }: TenantTx,
  contact: Contact,
  lock: boolean,
): Promise<CustomerId | null> {
  const kept = lock ? sql`FOR NO KEY UPDATE` : sql`FOR KEY SHARE`;
  const [row] = await sql<{ id: CustomerId }[]>`
    WITH by_email AS (
      SELECT id, 1 AS rank FROM customers WHERE merchant_id = ${tenant.merchantId} AND email = ${contact.email} LIMIT 1 ${kept}
    ), by_mobile AS (
      SELECT id, 2 AS rank FROM customers WHERE merchant_id = ${tenant.merchantId} AND mobile = ${contact.mobile} AND email IS NULL
      ORDER BY id LIMIT 1 ${kept}
    ), known AS (
      SELECT id, rank FROM by_email UNION ALL SELECT id, rank FROM by_mobile
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
