import type { TenantTx } from '#core/db/tenant.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { linkInvalid } from './account-links.ts';
import { enterAnew, type Entrance } from './enter-anew.ts';

export interface PasswordReset {
  /** The row that a valid link led to. */
  readonly id: number;
  /** Of hashPassword, made before the transaction: it takes long. */
  readonly passwordHash: string;
  readonly fingerprint: string;
  readonly requestId: string;
}

/** Gives an account its new password. All its sessions end, all its other links are used up, and a session begins here. */
export async function resetPassword(tx: TenantTx, reset: PasswordReset): Promise<Entrance> {
  const customerId = await useLink(tx, reset);
  return enterAnew(tx, { ...reset, customerId, action: 'customer.password_reset' });
}

async function useLink({ sql, tenant }: TenantTx, { id, passwordHash }: PasswordReset): Promise<CustomerId> {
  const [row] = await sql<{ id: CustomerId }[]>`
    WITH link AS (
      UPDATE customer_password_resets SET used_at = now()
      WHERE merchant_id = ${tenant.merchantId} AND id = ${id} AND used_at IS NULL AND expires_at > now()
      RETURNING customer_id
    ), others AS (
      UPDATE customer_password_resets SET used_at = now()
      WHERE merchant_id = ${tenant.merchantId} AND customer_id IN (SELECT customer_id FROM link) AND id <> ${id} AND used_at IS NULL
    )
    UPDATE customers SET password_hash = ${passwordHash}, version = version + 1
    WHERE merchant_id = ${tenant.merchantId} AND id IN (SELECT customer_id FROM link) AND password_hash IS NOT NULL
    RETURNING id`;
  if (!row) throw linkInvalid();
  return row.id;
}
