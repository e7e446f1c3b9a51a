import type { TenantTx } from '#core/db/tenant.ts';
import type { Matter } from '#core/events/event.ts';
import type { DeliveredEvent } from '#core/events/listener.ts';
import type { SignedRow } from '#core/security/signed-token.ts';

/** Every mail that the shop writes: each has a template, its texts and a preview. */
export const MAIL_NAMES = [
  'order_placed',
  'order_accepted',
  'order_ready',
  'order_shipped',
  'order_cancelled',
  'order_refunded',
  'stock_low',
  'password_reset',
  'account_confirmation',
  'email_confirmation',
  'email_change',
  'staff_invitation',
] as const;

export type MailName = (typeof MAIL_NAMES)[number];

/** In whose name a mail is written, and how that store speaks and looks. */
export interface MailSender {
  readonly name: string;
  readonly locale: string;
  readonly timezone: string;
  /** `#rrggbb`. */
  readonly accent: string;
  readonly phone: string | null;
  readonly address: string | null;
}

/** What a mail says, before it is put into words. */
export interface MailDraft {
  readonly mail: MailName;
  readonly to: readonly string[];
  readonly sender: MailSender;
  /** What the reader asked for, if anything; the sender's own otherwise. */
  readonly locale: string | null;
  /** For the gaps of the subject, besides the store's name. */
  readonly subject: Readonly<Record<string, string | number>>;
  readonly content: object;
  /** What staff are told it was about when it is refused: no personal data. */
  readonly about: string;
}

/** Addresses of pages of this server, for links. */
export interface Links {
  /** Scheme and host, without a slash at the end. */
  readonly publicUrl: string;
  /** A token for a link that opens something; see core/security/signed-token.ts. */
  token(purpose: string, row: SignedRow): string;
}

/** The mails of a domain: what it writes to whom because of which event. */
export interface Mailing {
  /** Part of the listener's name and of each mail's id: not to be changed. */
  readonly name: string;
  /** Whether the event is anything to write about; it always is where this does not say. */
  readonly concerns?: (matter: Matter) => boolean;
  /** What is to be sent now because of the event, or null. The transaction can only read. */
  draft(tx: TenantTx, event: DeliveredEvent, links: Links): Promise<MailDraft | null>;
}

/** What a mail program could make a link of. */
const LINK_LIKE = /[:/@\\]|\S\.\S/;

/** A name to greet with, or nothing when somebody wrote an address into it: a shop's mails must not carry a stranger's links. */
export function greetingName(name: string): string {
  return LINK_LIKE.test(name) ? '' : name;
}
