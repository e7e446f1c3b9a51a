import type { TenantTx } from '#core/db/tenant.ts';
import type { Posted } from '#core/mail/mail.ts';
import type { DeliveredEvent } from '#core/events/listener.ts';

interface Mailed {
  /** Whose mail it is: that of a listener. */
  readonly mailing: string;
  readonly mail: string;
  readonly outcome: Posted;
}

/** Whether a mail was sent, or refused, because of the event before: a second run of its delivery has nothing left to do. */
export async function wasMailed(
  { sql, tenant }: TenantTx,
  { id }: DeliveredEvent,
  mailing: string,
): Promise<boolean> {
  const [row] = await sql`
    SELECT FROM mail_log WHERE merchant_id = ${tenant.merchantId} AND event_id = ${id} AND mailing = ${mailing}`;
  return row !== undefined;
}

/** Notes what became of a mail. To whom it went is not kept. */
export async function logMail(
  { sql, tenant }: TenantTx,
  event: DeliveredEvent,
  { mailing, mail, outcome }: Mailed,
): Promise<void> {
  await sql`
    INSERT INTO mail_log (merchant_id, store_id, event_id, mailing, mail, outcome)
    VALUES (${tenant.merchantId}, ${event.storeId}, ${event.id}, ${mailing}, ${mail}, ${outcome})
    ON CONFLICT (merchant_id, event_id, mailing) DO NOTHING`;
}
