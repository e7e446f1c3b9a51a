import type { TenantTx } from '#core/db/tenant.ts';
import type { DomainEvent } from '#core/events/event.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { emailChangeRequested } from './customer-events.ts';

/** How long the link in the mail is good for. */
const LINK_HOURS = 24;
/** More mails than this within an hour, for one account or to one address, are an attack on the address's owner. */
const MAILS_PER_HOUR_MAX = 3;

export interface EmailChangeWish {
  readonly customerId: CustomerId;
  /** Lower case. */
  readonly email: string;
  readonly at: Date;
}

/**
 * Notes a customer's wish to sign in with another address; the event to record sends the link that fulfils it to that address, and word of
 * it to the present one. Whether somebody else has the address is not looked at: only its owner may learn that. None when it is the present
 * address, or enough mails were sent.
 */
export async function requestEmailChange(
  { sql, tenant }: TenantTx,
  { customerId, email, at }: EmailChangeWish,
): Promise<DomainEvent[]> {
  const rows = await sql<{ id: number }[]>`
    WITH account AS (
      SELECT id, email FROM customers
      WHERE merchant_id = ${tenant.merchantId} AND id = ${customerId} AND password_hash IS NOT NULL AND email <> ${email}
    ), forgotten AS (
      DELETE FROM customer_email_changes
      WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId} AND expires_at < now() - interval '1 day'
    )
    INSERT INTO customer_email_changes (merchant_id, customer_id, email, former_email, expires_at)
    SELECT ${tenant.merchantId}, id, ${email}, email, now() + make_interval(hours => ${LINK_HOURS}) FROM account
    WHERE ${MAILS_PER_HOUR_MAX} > (SELECT count(*) FROM customer_email_changes AS former
      WHERE former.merchant_id = ${tenant.merchantId} AND (former.customer_id = account.id OR former.email = ${email})
        AND former.created_at > now() - interval '1 hour')
    RETURNING id`;
  return rows.map(({ id }) => emailChangeRequested(id, at));
}
