import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { readSignedToken } from '#core/security/signed-token.ts';
import { refusal } from '../errors.ts';

/** Where the rows are that the links in mails lead to, by what the links are for. */
const ROWS = {
  registration: 'customer_registrations',
  'password-reset': 'customer_password_resets',
  'email-change': 'customer_email_changes',
} as const;

export type LinkPurpose = keyof typeof ROWS;

/** A link that this server has made for the merchant. Whether it still opens anything, its row says. */
export interface AccountLink {
  readonly purpose: LinkPurpose;
  readonly id: number;
}

interface ShownToken {
  readonly secret: string;
  readonly token: string;
  /** What the door that was knocked at is for. */
  readonly purposes: readonly LinkPurpose[];
}

/** The link behind a token; null for any other text, and for links of other merchants. */
export function linkBehind(
  { merchantId }: Pick<Tenant, 'merchantId'>,
  { secret, token, purposes }: ShownToken,
): AccountLink | null {
  for (const purpose of purposes) {
    const row = readSignedToken(secret, purpose, token);
    if (row?.merchantId === merchantId) return { purpose, id: row.id };
  }
  return null;
}

/** The row that a token leads to. Refuses LINK_INVALID for whatever is no link of this merchant. */
export function rowBehind(tenant: Pick<Tenant, 'merchantId'>, shown: ShownToken): number {
  const link = linkBehind(tenant, shown);
  if (!link) throw linkInvalid();
  return link.id;
}

/** Whether a link was not used yet and has not expired. Looking uses nothing up: mail programs follow links before people do. */
export async function isLinkOpen({ sql, tenant }: TenantTx, { purpose, id }: AccountLink): Promise<boolean> {
  const open = await sql`
    SELECT FROM ${sql(ROWS[purpose])}
    WHERE merchant_id = ${tenant.merchantId} AND id = ${id} AND used_at IS NULL AND expires_at > now()`;
  return open.length > 0;
}

/** One answer for a link that was used, has expired, was replaced or never was. */
export function linkInvalid() {
  return refusal('LINK_INVALID', 'This link was used before, has expired, or is not whole.');
}
