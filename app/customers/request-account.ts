import type { TenantTx } from '#core/db/tenant.ts';
import type { DomainEvent } from '#core/events/event.ts';
import { registrationRequested } from './customer-events.ts';
import { accountByEmail } from './customer-queries.ts';
import { requestPasswordReset } from './request-password-reset.ts';

/** How long the link in the mail is good for. */
const LINK_HOURS = 24;
/** More mails than this to one address within an hour are an attack on its owner. */
const MAILS_PER_HOUR_MAX = 3;

export interface AccountWish {
  /** Lower case. */
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly mobile: string | null;
  /** Of hashPassword, made before the transaction: it takes long. */
  readonly passwordHash: string;
  readonly at: Date;
}

/**
 * Notes the wish for an account; the event to record sends the link that fulfils it. No customer is touched: neither a guest's orders nor
 * an account are anyone's who merely knows the address. An address that has an account gets a link for a new password instead. None when
 * the address was sent enough for now.
 */
export async function requestAccount(tx: TenantTx, wish: AccountWish): Promise<DomainEvent[]> {
  const account = await accountByEmail(tx, wish.email);
  if (account) return requestPasswordReset(tx, { email: wish.email, at: wish.at });
  const { sql, tenant } = tx;
  const rows = await sql<{ id: number }[]>`
    WITH forgotten AS (
      DELETE FROM customer_registrations
      WHERE merchant_id = ${tenant.merchantId} AND email = ${wish.email} AND expires_at < now() - interval '1 day'
    )
    INSERT INTO customer_registrations (merchant_id, email, first_name, last_name, mobile, password_hash, expires_at)
    SELECT ${tenant.merchantId}, ${wish.email}, ${wish.firstName}, ${wish.lastName}, ${wish.mobile}, ${wish.passwordHash},
      now() + make_interval(hours => ${LINK_HOURS})
    WHERE ${MAILS_PER_HOUR_MAX} > (SELECT count(*) FROM customer_registrations
      WHERE merchant_id = ${tenant.merchantId} AND email = ${wish.email} AND created_at > now() - interval '1 hour')
    RETURNING id`;
  return rows.map(({ id }) => registrationRequested(id, wish.at));
}
