import type { TenantTx } from '#core/db/tenant.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { Customer } from './customer-view.ts';

/** A customer as the record has them. */
export interface CustomerRow {
  id: CustomerId;
  public_id: string;
  version: number;
  first_name: string;
  last_name: string;
  email: string | null;
  mobile: string | null;
  has_account: boolean;
  loyalty_points: number;
  note: string | null;
  created_at: Date;
}

/** The customer of a session. */
export async function customerById({ sql, tenant }: TenantTx, id: CustomerId): Promise<CustomerRow> {
  const [row] = await sql<CustomerRow[]>`
    SELECT id, public_id, version, first_name, last_name, email, mobile, password_hash IS NOT NULL AS has_account, loyalty_points, note,
      created_at
    FROM customers WHERE merchant_id = ${tenant.merchantId} AND id = ${id}`;
  if (!row) throw new Error('customer: a session without its customer');
  return row;
}

/** A customer by their token. Refuses with CUSTOMER_NOT_FOUND also those of another merchant, and who was merged or erased. */
export async function customerByPublicId({ sql, tenant }: TenantTx, publicId: string): Promise<CustomerRow> {
  const [row] = await sql<CustomerRow[]>`
    SELECT id, public_id, version, first_name, last_name, email, mobile, password_hash IS NOT NULL AS has_account, loyalty_points, note,
      created_at
    FROM customers WHERE merchant_id = ${tenant.merchantId} AND public_id = ${publicId} AND erased_at IS NULL AND merged_into IS NULL`;
  if (!row) throw refusal('CUSTOMER_NOT_FOUND', 'There is no customer with this id.');
  return row;
}

/** The password's hash of an account, by the e-mail address that signs in; undefined for guests and unknown addresses. */
export async function accountByEmail(
  { sql, tenant }: TenantTx,
  email: string,
): Promise<{ id: CustomerId; password_hash: string } | undefined> {
  const [row] = await sql<{ id: CustomerId; password_hash: string }[]>`
    SELECT id, password_hash FROM customers
    WHERE merchant_id = ${tenant.merchantId} AND email = ${email} AND password_hash IS NOT NULL`;
  return row;
}

/** The customer as they see themselves. */
export function customerView({
  public_id,
  first_name,
  last_name,
  email,
  mobile,
  loyalty_points,
  created_at,
}: CustomerRow): Customer {
  return {
    public_id,
    first_name,
    last_name,
    email,
    mobile,
    loyalty_points,
    created_at: created_at.toISOString(),
  };
}
