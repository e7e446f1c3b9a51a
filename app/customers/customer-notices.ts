import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { maskEmail } from '#core/values/mask.ts';
import { greetingName, type Mailing } from '../mail.ts';
import { storeConfig } from '../stores/store-queries.ts';

interface EmailChange {
  former_email: string;
  email: string;
  first_name: string;
}

/** What customers are told of their accounts, in case that it was somebody else. */
export const customerNotices: Mailing = {
  name: 'customer_notice',
  draft: async (tx, event, { publicUrl }) => {
    const { sql, tenant } = tx;
    const [change] = await sql<EmailChange[]>`
      SELECT former_email, change.email, first_name FROM customer_email_changes AS change
        JOIN customers ON customers.merchant_id = change.merchant_id AND customers.id = customer_id
      WHERE change.merchant_id = ${tenant.merchantId} AND change.id = ${Number(event.payload['change_id'])}`;
    if (!change) return null;
    const store = await storeConfig(tx as TenantTx<StoreTenant>);
    return {
      mail: 'email_change',
      to: [change.former_email],
      sender: store,
      locale: null,
      subject: {},
      content: {
        first_name: greetingName(change.first_name),
        new_email: maskEmail(change.email),
        url: `${publicUrl}/s/${store.slug}/account/password`,
      },
      about: 'a customer’s account',
    };
  },
};
