import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { DeliveredEvent } from '#core/events/listener.ts';
import { greetingName, type Links, type MailDraft, type Mailing } from '../mail.ts';
import { storeConfig } from '../stores/store-queries.ts';

interface Door {
  readonly mail: 'password_reset' | 'account_confirmation' | 'email_confirmation';
  readonly to: string;
  /** Empty where a stranger may have written it. */
  readonly firstName: string;
  readonly expiresAt: Date;
  readonly page: string;
  /** Of the token in the link; see core/security/signed-token.ts. */
  readonly purpose: string;
  readonly row: number;
}

/** What customers are written about their accounts. */
export const customerMails: Mailing = {
  name: 'customer',
  draft: async (tx, event, links) => {
    const door = await DOORS[event.type]?.(tx, event);
    return door ? draftOf(tx as TenantTx<StoreTenant>, door, links) : null;
  },
};

const DOORS: Readonly<Record<string, (tx: TenantTx, event: DeliveredEvent) => Promise<Door | null>>> = {
  PasswordResetRequested: resetDoor,
  RegistrationRequested: accountDoor,
  EmailChangeRequested: emailDoor,
};

/** Null when the link was used or is no longer good. */
async function resetDoor({ sql, tenant }: TenantTx, { payload }: DeliveredEvent): Promise<Door | null> {
  const row = Number(payload['reset_id']);
  const [found] = await sql<{ email: string; first_name: string; expires_at: Date }[]>`
    SELECT email, first_name, expires_at FROM customer_password_resets AS reset
      JOIN customers ON customers.merchant_id = reset.merchant_id AND customers.id = customer_id
    WHERE reset.merchant_id = ${tenant.merchantId} AND reset.id = ${row} AND used_at IS NULL AND expires_at > now()
      AND email IS NOT NULL`;
  if (!found) return null;
  return {
    mail: 'password_reset',
    to: found.email,
    firstName: greetingName(found.first_name),
    expiresAt: found.expires_at,
    page: 'password',
    purpose: 'password-reset',
    row,
  };
}

async function accountDoor({ sql, tenant }: TenantTx, { payload }: DeliveredEvent): Promise<Door | null> {
  const row = Number(payload['registration_id']);
  const [found] = await sql<{ email: string; expires_at: Date }[]>`
    SELECT email, expires_at FROM customer_registrations
    WHERE merchant_id = ${tenant.merchantId} AND id = ${row} AND used_at IS NULL AND expires_at > now()`;
  if (!found) return null;
  return {
    mail: 'account_confirmation',
    to: found.email,
    firstName: '',
    expiresAt: found.expires_at,
    page: 'confirm',
    purpose: 'registration',
    row,
  };
}

async function emailDoor({ sql, tenant }: TenantTx, { payload }: DeliveredEvent): Promise<Door | null> {
  const row = Number(payload['change_id']);
  const [found] = await sql<{ email: string; expires_at: Date }[]>`
    SELECT email, expires_at FROM customer_email_changes
    WHERE merchant_id = ${tenant.merchantId} AND id = ${row} AND used_at IS NULL AND expires_at > now()`;
  if (!found) return null;
  return {
    mail: 'email_confirmation',
    to: found.email,
    firstName: '',
    expiresAt: found.expires_at,
    page: 'confirm',
    purpose: 'email-change',
    row,
  };
}

async function draftOf(tx: TenantTx<StoreTenant>, door: Door, links: Links): Promise<MailDraft> {
  const store = await storeConfig(tx);
  const token = links.token(door.purpose, { merchantId: tx.tenant.merchantId, id: door.row });
  return {
    mail: door.mail,
    to: [door.to],
    sender: store,
    locale: null,
    subject: {},
    content: {
      first_name: door.firstName,
      expires_at: door.expiresAt.toISOString(),
      url: `${links.publicUrl}/s/${store.slug}/account/${door.page}?token=${token}`,
    },
    about: 'a customer’s account',
  };
}
