import { join } from 'node:path';
import { devMailRoutes } from '#app/notifications/dev-mail-routes.ts';
import type { PostOffice } from '#app/notifications/mail-listener.ts';
import { createMailRenderer } from '#app/notifications/mail-renderer.ts';
import { openDevMailbox } from '#core/mail/dev-mailbox.ts';
import { smtpMailer } from '#core/mail/smtp-mailer.ts';
import type { Route } from '#core/http/route.ts';
import { signedToken } from '#core/security/signed-token.ts';
import type { Config } from './config.ts';
import { PROJECT_FOLDER } from './project-folder.ts';

interface OpenPostOffice {
  readonly post: PostOffice;
  /** The pages of the dev mailbox; none in production. */
  readonly routes: readonly Route[];
}

/** By SMTP where a mail server is named; else into the dev mailbox, and in production nowhere. */
export function openPostOffice({ mail, publicUrl, environment }: Config, secret: string): OpenPostOffice {
  const folder = join(PROJECT_FOLDER, 'mails');
  const renderer = createMailRenderer({ folder });
  const links = { publicUrl, token: signedToken.bind(null, secret) };
  const smtp = mail && smtpMailer(mail);
  if (environment === 'production') return { post: { renderer, links, mailer: smtp }, routes: [] };
  const mailbox = openDevMailbox();
  const routes = devMailRoutes({ mailbox, renderer, folder });
  return { post: { renderer, links, mailer: smtp ?? mailbox }, routes };
}
