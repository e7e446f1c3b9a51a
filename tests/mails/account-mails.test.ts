import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { record } from '#core/events/record.ts';
import { readSignedToken } from '#core/security/signed-token.ts';
import { passwordResetRequested, registrationRequested } from '#app/customers/customer-events.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { register } from '../support/customers.ts';
import { until } from '../support/deliveries.ts';
import type { HttpClient } from '../support/http-client.ts';
import { startMailServer, type MailServer, type ReceivedMail } from '../support/mail-server.ts';
import { openMerchants, PASSWORD as MERCHANTS_PASSWORD, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const PUBLIC_URL = 'https://shop.example';
const PASSWORD = 'a long enough password';

let app: TestApp;
let shops: TestMerchants;
let server: MailServer;
let owner: HttpClient;
beforeAll(async () => {
  server = await startMailServer();
  app = await testApp({ mail: { url: server.url, from: 'mails@shop.example' }, publicUrl: PUBLIC_URL });
  shops = await openMerchants(app);
  owner = await signIn(app.visitor, 'owner', shops.cafe);
});
afterAll(async () => {
  await app.close();
  await server.close();
});

/** The last mail to an address, once nothing is left to be delivered. */
async function mailTo(address: string): Promise<ReceivedMail | undefined> {
  await until(async () => {
    const open = await app.admin`SELECT FROM event_deliveries WHERE state <> 'done'`;
    return open.length === 0;
  }, 'nothing is left to be delivered');
  return server.mails.findLast(({ to }) => to.includes(address));
}

function linkIn(mail: ReceivedMail | undefined, page: string): string {
  const link = mail?.text.split(/\s/).find((word) => word.startsWith(`${PUBLIC_URL}${page}`));
  if (!link) throw new Error(`expected a link to ${page} in ${mail?.text ?? 'no mail'}`);
  return link.slice(`${PUBLIC_URL}${page}`.length);
}

const customersOf = (path: string, body: unknown) =>
  app.visitor.post(`/api/v1/customers/${path}?store=cafe`, body, { origin: app.visitor.origin });

describe('a customer', () => {
  it('opens an account, and later chooses a new password, by the links of mails', async () => {
    const email = 'grace@example.com';
    expectStatus(202, await customersOf('register', { email, password: PASSWORD, first_name: 'Grace' }));
    const asked = await mailTo(email);
    expect(asked?.text).toContain('Subject: Alder cafe: confirm your account');
    expect(asked?.text).not.toContain('Grace');
    const token = linkIn(asked, '/s/cafe/account/confirm?token=');
    expectStatus(200, await customersOf('register/confirmation', { token, password: PASSWORD }));
    expectStatus(202, await customersOf('password-reset', { email }));
    const reset = await mailTo(email);
    expect(reset?.text).toContain('Hello Grace,');
    const change = { token: linkIn(reset, '/s/cafe/account/password?token='), password: `${PASSWORD} too` };
    expect((await customersOf('password-reset/confirmation', change)).status).toBeLessThan(300);
  });

  it('moves to another address by a link that goes there, and is told of it at the present one', async () => {
    const [email, to] = ['moving@example.com', 'moved@example.org'];
    const robin = await register(app, shops.cafe, { email });
    const wish = { email: to, password: MERCHANTS_PASSWORD };
    expectStatus(202, await robin.post('/api/v1/customers/me/email-changes?store=cafe', wish));
    const link = await mailTo(to);
    expect(link?.text).toContain('Subject: Alder cafe: confirm your new address');
    expect(link?.text).not.toContain('Robin');
    const notice = await mailTo(email);
    expect(notice?.text).toContain('Hello Robin,');
    expect(notice?.text).toContain('m•••@example.org');
    expect(notice?.text).toContain(`${PUBLIC_URL}/s/cafe/account/password`);
    expect(notice?.text).not.toContain('token=');
    const token = linkIn(link, '/s/cafe/account/confirm?token=');
    const confirmation = { token, password: MERCHANTS_PASSWORD };
    expectStatus(200, await customersOf('email-change/confirmation', confirmation));
  });

  it('without an account gets no link', async () => {
    expectStatus(202, await customersOf('password-reset', { email: 'nobody@example.com' }));
    expect(await mailTo('nobody@example.com')).toBeUndefined();
  });

  it('gets no link that was used or has expired', async () => {
    const contact = { first_name: 'Kim', last_name: 'Lee', email: 'kim@example.com' };
    expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { contact })));
    await mailTo(contact.email);
    const before = server.mails.length;
    const { merchantId } = shops.cafe.tenant;
    const [reset] = await app.admin<{ id: number }[]>`
      INSERT INTO customer_password_resets (merchant_id, customer_id, expires_at)
      SELECT merchant_id, id, now() - interval '1 second' FROM customers WHERE email = ${contact.email} RETURNING id::int`;
    const [wish] = await app.admin<{ id: number }[]>`
      INSERT INTO customer_registrations (merchant_id, email, first_name, password_hash, expires_at, used_at)
      VALUES (${merchantId}, 'lee@example.com', 'Lee', 'x', now() + interval '1 hour', now()) RETURNING id::int`;
    await app.database.tenant(shops.cafe.tenant).write((tx) => {
      record(
        tx,
        passwordResetRequested(reset?.id ?? 0, new Date()),
        registrationRequested(wish?.id ?? 0, new Date()),
      );
    });
    expect(await mailTo('lee@example.com')).toBeUndefined();
    expect(server.mails).toHaveLength(before);
  });
});

describe('who is invited to work at a merchant', () => {
  it('gets the link that lets them in, in the merchant’s name', async () => {
    const email = 'new-barista@example.com';
    const invitation = { name: 'Lin', email, role: 'staff', store_ids: [shops.cafe.id] };
    expectStatus(201, await owner.post('/dashboard/staff-invitations', invitation));
    const mail = await mailTo(email);
    expect(mail?.text).toContain('Subject: Alder & Co: owner of A invites you to the team');
    expect(mail?.text).toContain('Hello Lin,');
    const token = linkIn(mail, '/invitations/');
    expect(readSignedToken('another secret', 'staff-invitation', token)).toBeNull();
    expect((await app.visitor.get(`/invitations/${token}`, { accept: 'text/html' })).status).toBe(200);
  });
});
