import type { SendMailOptions } from 'nodemailer';
import type { Mail, Mailer } from './mail.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const GREETING_TIMEOUT_MS = 5_000;
/** Of silence within a conversation. */
const SOCKET_TIMEOUT_MS = 8_000;
/** Of the whole conversation: less than a delivery's lease leaves. */
const SEND_TIMEOUT_MS = 15_000;
/** SMTP's answers from here on are final. */
const PERMANENT_FROM = 500;

export interface SmtpOptions {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly url: string;
  /** The address that mails come from. */
  readonly from: string;
}

/** Sends mails by SMTP, a connection for each. */
export function smtpMailer({ url, from }: SmtpOptions): Mailer {
  return {
    send: async (mail) => {
      const transport = await openTransport(url);
      try {
        await withinTime(transport.sendMail(messageOf(mail, from)));
        return 'sent';
      } catch (error) {
        if (isRefusal(error)) return 'refused';
        throw error;
      }
    },
  };
}

async function openTransport(url: string) {
  // It is large: a process that sends no mail never loads it.
  const { createTransport } = await import('nodemailer');
  return createTransport({
    url,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** Several recipients are named on the envelope only. */
function messageOf({ id, senderName, to, subject, text, html }: Mail, from: string): SendMailOptions {
  const sender = { name: senderName.replaceAll(/\s+/g, ' '), address: from };
  return {
    from: sender,
    to: to.length === 1 ? [...to] : sender,
    envelope: { from, to: [...to] },
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    subject,
    text,
    html,
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

async function withinTime<Result>(sending: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new MailNotSent()), SEND_TIMEOUT_MS);
  try {
    return await Promise.race([sending, promise]);
  } finally {
    clearTimeout(timer);
  }
}

class MailNotSent extends Error {
  override readonly name = 'MailNotSent';

  constructor() {
    super(`expected the mail server to take a mail within ${SEND_TIMEOUT_MS} ms`);
  }
}

/** Only what is said of this mail and its recipients: a sender or a sign-in that is refused is for the operator to put right. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('command' in error)) return false;
  if (error.command === 'API') return 'code' in error && error.code === 'EENVELOPE';
  const answer = 'responseCode' in error ? Number(error.responseCode) : 0;
  return (error.command === 'RCPT TO' || error.command === 'DATA') && answer >= PERMANENT_FROM;
}
