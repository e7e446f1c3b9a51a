import { Type } from 'typebox';
import type { FastifyReply } from 'fastify';
import { createTemplates } from '#core/http/liquid.ts';
import type { Route } from '#core/http/route.ts';
import type { DevMailbox } from '#core/mail/dev-mailbox.ts';
import { refusal } from '../errors.ts';
import { MAIL_NAMES } from '../mail.ts';
import { route } from '../route.ts';
import { MAIL_LANGUAGES, type Letter, type MailRenderer } from './mail-renderer.ts';
import { sampleMails } from './mail-samples.ts';

/** Mails style themselves inline and fetch nothing. */
const MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const Name = Type.Enum([...MAIL_NAMES]);
const Part = Type.Union([Type.Literal('html'), Type.Literal('text')]);

interface DevNeeds {
  readonly mailbox: DevMailbox;
  readonly renderer: MailRenderer;
  /** Where the mails' templates are. */
  readonly folder: string;
}

/** For whoever develops: what was sent, and every mail with sample data. Never in production. */
export function devMailRoutes({ mailbox, renderer, folder }: DevNeeds): Route[] {
  const pages = createTemplates({ folders: [`${folder}/dev`], filters: {}, cache: true });
  return [
    route({
      method: 'GET',
      path: '/dev/mails',
      audience: 'anyone',
      ability: 'public.see',
      summary: 'The mails that were sent, and a preview of each there is',
      handle: ({ reply }) =>
        html(
          reply,
          pages.render('mails', { sent: mailbox.mails(), names: MAIL_NAMES, languages: MAIL_LANGUAGES }, {}),
        ),
    }),
    route({
      method: 'GET',
      path: '/dev/mails.json',
      audience: 'anyone',
      ability: 'public.see',
      summary: 'The mails that were sent, newest first',
      handle: () => ({ data: mailbox.mails() }),
    }),
    route({
      method: 'GET',
      path: '/dev/mails/sent/:id/:part',
      audience: 'anyone',
      ability: 'public.see',
      summary: 'A mail that was sent, as HTML or as text',
      params: Type.Object({ id: Type.String(), part: Part }),
      handle: ({ params, reply }) =>
        show(
          reply,
          mailbox.mails().find(({ id }) => id === params.id),
          params.part,
        ),
    }),
    route({
      method: 'GET',
      path: '/dev/mails/preview/:mail/:locale/:part',
      audience: 'anyone',
      ability: 'public.see',
      summary: 'A mail with sample data, as HTML or as text',
      params: Type.Object({ mail: Name, locale: Type.String({ maxLength: 35 }), part: Part }),
      handle: ({ params, reply }) =>
        show(reply, renderer.render({ ...sampleMails[params.mail], locale: params.locale }), params.part),
    }),
  ];
}

function show(reply: FastifyReply, letter: Letter | undefined, part: 'html' | 'text') {
  if (!letter) throw refusal('NOT_FOUND', 'There is no such mail.');
  return part === 'html'
    ? html(reply, letter.html)
    : reply.type('text/plain; charset=utf-8').send(letter.text);
}

function html(reply: FastifyReply, page: string) {
  return reply.header('content-security-policy', MAIL_POLICY).type('text/html; charset=utf-8').send(page);
}
