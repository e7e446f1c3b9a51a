import type { Mail, Mailer } from './mail.ts';

/** The oldest mails make room. */
const MAILS_KEPT_MAX = 200;

export interface KeptMail extends Mail {
  readonly at: Date;
}

/** Keeps mails in this process's memory, for whoever develops to look at. */
export interface DevMailbox extends Mailer {
  /** Newest first. */
  mails(): readonly KeptMail[];
}

export function openDevMailbox(): DevMailbox {
  const kept: KeptMail[] = [];
  return {
    mails: () => kept,
    send: async (mail) => {
      kept.unshift({ ...mail, at: new Date() });
      kept.length = Math.min(kept.length, MAILS_KEPT_MAX);
      return 'sent';
    },
  };
}
