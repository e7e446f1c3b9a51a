import type { TenantTx } from '#core/db/tenant.ts';
import type { DomainEvent } from '#core/events/event.ts';
import { passwordResetRequested } from './customer-events.ts';

/** How long the link in the mail is good for. */
const LINK_MINUTES = 60;
/** More mails than this to one address within an hour are an attack on its owner. */
const MAILS_PER_HOUR_MAX = 3;

/** Lets whoever reads the mailbox of an account choose a new password: the event to record; none for a guest, an unknown address, and one that was sent enough. */
export async function requestPasswordReset(
  { sql, tenant }: TenantTx,
  { email, at }: { email: string; at: Date },
): Promise<DomainEvent[]> {
  const rows = await sql<{ id: number }[]>`
    WITH account AS (
      SELECT id FROM customers WHERE merchant_id = ${tenant.merchantId} AND email = ${email} AND password_hash IS NOT NULL
    ), forgotten AS (
      DELETE FROM customer_password_resets
      WHERE merchant_id = ${tenant.merchantId} AND customer_id IN (SELECT id FROM account) AND expires_at < now() - interval '1 day'
    )
    INSERT INTO customer_password_resets (merchant_id, customer_id, expires_at)
    SELECT ${tenant.merchantId}, id, now() + make_interval(mins => ${LINK_MINUTES}) FROM account
    WHERE ${MAILS_PER_HOUR_MAX} > (SELECT count(*) FROM customer_password_resets
      WHERE merchant_id = ${tenant.merchantId} AND customer_id = account.id AND created_at > now() - interval '1 hour')
    RETURNING id`;
  return rows.map(({ id }) => passwordResetRequested(id, at));
}
