import type { TenantTx } from '#core/db/tenant.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';

/** A customer who is signed in, and the points on their account. */
export interface Member {
  readonly id: CustomerId;
  readonly points: number;
}

/**
 * Locks a customer of the merchant until COMMIT and reads their balance: what they redeem, they redeem one order after the other. Whoever
 * also locks stock locks the customer first.
 */
export async function lockCustomer({ sql, tenant }: TenantTx, id: CustomerId): Promise<Member> {
  const [row] = await sql<Member[]>`
    SELECT id, loyalty_points AS points FROM customers
    WHERE merchant_id = ${tenant.merchantId} AND id = ${id} AND erased_at IS NULL FOR NO KEY UPDATE`;
  if (!row) throw refusal('UNAUTHENTICATED', 'Your account was closed meanwhile.');
  return row;
}

/** The same without a lock: what the points are worth may have changed by the time of the order. */
export async function memberOf({ sql, tenant }: TenantTx, id: CustomerId): Promise<Member> {
  const [row] = await sql<Member[]>`
    SELECT id, loyalty_points AS points FROM customers WHERE merchant_id = ${tenant.merchantId} AND id = ${id}`;
  if (!row) throw new Error(`customer ${id} is not one of merchant ${tenant.merchantId}`);
  return row;
}
