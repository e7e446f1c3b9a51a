import type { TenantTx } from '#core/db/tenant.ts';
import type { Mailing, MailSender } from '../mail.ts';
import { INVITATION_PURPOSE } from './accept-invitation.ts';

interface InvitationRow extends Pick<MailSender, 'locale' | 'timezone' | 'accent'> {
  email: string;
  name: string;
  inviter: string;
  merchant: string;
  expires_at: Date;
}

/** What people are written who are to work at a merchant. */
export const staffMails: Mailing = {
  name: 'staff',
  draft: async (tx, { payload }, links) => {
    const id = Number(payload['invitation_id']);
    const invitation = await openInvitation(tx, id);
    if (invitation === null) return null;
    const { email, name, inviter, merchant, expires_at, ...looks } = invitation;
    const token = links.token(INVITATION_PURPOSE, { merchantId: tx.tenant.merchantId, id });
    return {
      mail: 'staff_invitation',
      to: [email],
      sender: { ...looks, name: merchant, phone: null, address: null },
      locale: null,
      subject: { inviter },
      content: {
        name,
        inviter,
        expires_at: expires_at.toISOString(),
        url: `${links.publicUrl}/invitations/${token}`,
      },
      about: 'an invitation to work here',
    };
  },
};

/** With the looks and the language of the first store that it is for, or of the merchant's first. Null when it is no longer open. */
async function openInvitation({ sql, tenant }: TenantTx, id: number): Promise<InvitationRow | null> {
  const [row] = await sql<InvitationRow[]>`
    SELECT invitation.email, invitation.name, staff.name AS inviter, merchants.name AS merchant, expires_at,
      store.locale, store.timezone, store.accent
    FROM staff_invitations AS invitation
      JOIN merchants ON merchants.id = invitation.merchant_id
      JOIN staff ON staff.merchant_id = invitation.merchant_id AND staff.id = invited_by
      CROSS JOIN LATERAL (
        SELECT locale, timezone, accent FROM stores WHERE stores.merchant_id = invitation.merchant_id
        ORDER BY NOT EXISTS (SELECT FROM staff_invitation_stores AS its
          WHERE its.merchant_id = stores.merchant_id AND its.invitation_id = invitation.id AND its.store_id = stores.id), id
        LIMIT 1
      ) AS store
    WHERE invitation.merchant_id = ${tenant.merchantId} AND invitation.id = ${id} AND accepted_at IS NULL AND expires_at > now()`;
  return row ?? null;
}
