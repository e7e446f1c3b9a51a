import { afterAll, beforeAll, expect, it } from 'vitest';
import { smtpMailer } from '#core/mail/smtp-mailer.ts';
import type { Mail } from '#core/mail/mail.ts';
import { startMailServer, type MailServer } from '../support/mail-server.ts';

const FROM = 'mails@shop.example';
const MAIL: Mail = {
  id: 'event-1.order',
  senderName: 'Wren "Coffee", Ltd',
  to: ['ada@example.com'],
  subject: 'Your order',
  text: 'Thank you',
  html: '<p>Thank you</p>',
};

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());

const send = (changes: Partial<Mail>) =>
  smtpMailer({ url: server.url, from: FROM }).send({ ...MAIL, ...changes });

it('sends text and HTML in the store’s name, under a name of its own', async () => {
  expect(await send({})).toBe('sent');
  const mail = server.mails.at(-1);
  expect(mail).toMatchObject({ from: FROM, to: ['ada@example.com'] });
  expect(mail?.text).toContain(String.raw`From: "Wren \"Coffee\", Ltd" <mails@shop.example>`);
  expect(mail?.text).toContain('Message-ID: <event-1.order@shop.example>');
  expect(mail?.text).toContain('Auto-Submitted: auto-generated');
  expect(mail?.text).toContain('<p>Thank you</p>');
});

it('does not show several recipients to each other', async () => {
  expect(await send({ to: ['a@example.com', 'b@example.com'] })).toBe('sent');
  const mail = server.mails.at(-1);
  expect(mail?.to).toEqual(['a@example.com', 'b@example.com']);
  expect(mail?.text).not.toContain('@example.com');
});

it('lets no name or subject add a header', async () => {
  await send({ senderName: 'Wren\r\nBcc: x@example.com', subject: 'Order\r\nBcc: y@example.com' });
  expect(server.mails.at(-1)?.to).toEqual(['ada@example.com']);
  expect(server.mails.at(-1)?.text).not.toMatch(/^Bcc:/m);
});

it.each(['nobody@refused.example', 'not an address'])(
  'gives up on an address that is refused for good: %s',
  async (to) => {
    expect(await send({ to: [to] })).toBe('refused');
  },
);

it('sends to those who can be reached when others cannot', async () => {
  expect(await send({ to: ['nobody@refused.example', 'b@example.com'] })).toBe('sent');
  expect(server.mails.at(-1)?.to).toEqual(['b@example.com']);
});

it('fails, to be repeated, where another attempt may help', async () => {
  await expect(send({ to: ['full@busy.example'] })).rejects.toThrow();
  const nowhere = smtpMailer({ url: 'smtp://127.0.0.1:1', from: FROM });
  await expect(nowhere.send(MAIL)).rejects.toThrow();
});
