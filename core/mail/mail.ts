/** A mail that is ready to be sent. */
export interface Mail {
  /** The left part of its Message-ID; a mail that is sent twice has the same, so that who gets both can tell. */
  readonly id: string;
  /** The name that is shown as its sender; the address is the server's. */
  readonly senderName: string;
  /** One address, or several that do not see each other. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** `refused`: nobody of those addressed will ever take this mail, so that sending it again is in vain. */
export type Posted = 'sent' | 'refused';

/** Hands mails over. */
export interface Mailer {
  /** Resolves when the next server has the mail or has refused it for good, after 15 s at most. Rejects when it is worth another attempt. */
  send(mail: Mail): Promise<Posted>;
}
