import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '#core/security/password.ts';
import { newToken } from '#core/values/ids.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { customerOf, door, link, newestLink } from '../support/customers.ts';
import { cookiesOf, type Answer, type HttpClient } from '../support/http-client.ts';
import { openMerchants, PASSWORD, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';

const ME = '/api/v1/customers/me';
const NEW_PASSWORD = 'another long password';

let app: TestApp;
let shops: TestMerchants;
let passwordHash: string;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  passwordHash = await hashPassword(PASSWORD);
});
afterAll(() => app.close());

const newEmail = () => `${randomUUID()}@example.com`;
const cafe = (path: string) => `/s/cafe/account/${path}`;

const look = (path: string) => app.visitor.get(cafe(path), { accept: 'text/html' });
/** Sends a form as a browser without scripts does. */
const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app.visitor.send(path, {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: {
      accept: 'text/html',
      origin: app.visitor.origin,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
  });
const submit = (path: string, fields: Record<string, string>) => send(cafe(path), fields);

const knock = (email: string, password: string) =>
  app.visitor.post(door('login', shops.cafe), { email, password });

/** An account, made as it is kept: to hash a password for each would take most of the time. */
async function account(): Promise<string> {
  const email = newEmail();
  await app.admin`
    INSERT INTO customers (merchant_id, public_id, first_name, email, password_hash)
    VALUES (${shops.cafe.tenant.merchantId}, ${newToken()}, 'Robin', ${email}, ${passwordHash})`;
  return email;
}

const signedIn = async (email: string) => customerOf(app.visitor, await knock(email, PASSWORD));

/** An account, and the link of a mail that gives it a new password. */
async function forgetful() {
  const email = await account();
  expect(await submit('password/requests', { email })).toMatchObject({ status: 303 });
  return { email, token: await newestLink(app, 'password-reset', shops.cafe) };
}

/** An account that wants another address, and the link of the mail that went there. */
async function moving(to = newEmail()) {
  const email = await account();
  const customer = await signedIn(email);
  expectStatus(202, await wish(customer, to));
  return { email, to, customer, token: await newestLink(app, 'email-change', shops.cafe) };
}

const wish = (customer: HttpClient, email: string, password = PASSWORD, store = 'cafe') =>
  customer.post(`${ME}/email-changes?store=${store}`, { email, password });
const confirm = (token: string, password = PASSWORD, store = shops.cafe) =>
  app.visitor.post(door('email-change/confirmation', store), { token, password });

const invalid = { status: 404, text: expect.stringContaining('This link does not work any more') };

function keepsTheToken({ headers }: Answer<unknown>) {
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('same-origin');
}

describe('the page for a new password', () => {
  it('takes a mail’s link and a form without a script, and signs in', async () => {
    const { email, token } = await forgetful();
    const customer = await signedIn(email);
    const page = await look(`password?token=${token}`);
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('autocomplete="new-password"') });
    keepsTheToken(page);
    expect(page.text.split(token)).toHaveLength(2);
    const sent = await submit('password', { token, password: NEW_PASSWORD });
    expect(sent.status).toBe(303);
    expect(sent.headers.get('location')).toBe(cafe('password?done=password_chosen'));
    expect((await look('password?done=password_chosen')).text).toContain('Your password is changed');
    expect(await customerOf(app.visitor, sent).get(ME)).toMatchObject({ status: 200, body: { email } });
    expect(await customer.get(ME)).toMatchObject({ status: 401 });
    expect(await knock(email, NEW_PASSWORD)).toMatchObject({ status: 200 });
  });

  it('is looked at as often as mail programs like, and its form is good for once', async () => {
    const { token } = await forgetful();
    for (let nth = 0; nth < 3; nth++)
      expect(await look(`password?token=${token}`)).toMatchObject({ status: 200 });
    expect(await submit('password', { token, password: NEW_PASSWORD })).toMatchObject({ status: 303 });
    expect(await look(`password?token=${token}`)).toMatchObject(invalid);
    expect(await submit('password', { token, password: NEW_PASSWORD })).toMatchObject(invalid);
  });

  it('asks again, with the same link, after a password that is too short', async () => {
    const { email, token } = await forgetful();
    const answer = await submit('password', { token, password: 'too short' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('at least 10 characters');
    expect(answer.text).toMatch(/aria-invalid="true" autofocus/);
    expect(answer.text).not.toContain('too short"');
    keepsTheToken(answer);
    expect(await knock(email, PASSWORD)).toMatchObject({ status: 200 });
    expect(await submit('password', { token, password: NEW_PASSWORD })).toMatchObject({ status: 303 });
  });

  it('offers another mail for a link that is late, broken, of another purpose or merchant, all alike', async () => {
    const { token } = await forgetful();
    const { merchantId } = shops.cafe.tenant;
    await app.admin`UPDATE customer_password_resets SET expires_at = now()`;
    const pages = [
      await look(`password?token=${token}`),
      await look('password?token=broken'),
      await look('password?token='),
      await look(`password?token=${link('registration', merchantId, 1)}`),
      await look(`password?token=${link('password-reset', shops.other.tenant.merchantId, 1)}`),
      await submit('password', { token, password: NEW_PASSWORD }),
    ];
    for (const page of pages) {
      expect(page).toMatchObject(invalid);
      expect(page.text).toBe(pages[0]?.text);
      expect(page.text).toContain(`action="${cafe('password/requests')}"`);
    }
  });

  it('asks for the mail without a token, and answers alike whoever has the address', async () => {
    expect((await look('password')).text).toContain(`action="${cafe('password/requests')}"`);
    const { email } = await forgetful();
    const answers = [];
    for (const asked of [email, newEmail(), 'no address at all'])
      answers.push(await submit('password/requests', { email: asked }));
    for (const { status, headers } of answers) {
      expect([status, headers.get('location')]).toEqual([303, cafe('password?done=asked')]);
      expect(headers.getSetCookie()).toEqual([]);
    }
    expect((await look('password?done=asked')).text).toContain('If there is an account with this address');
  });
});

describe('the page that confirms', () => {
  it('opens an account with the password of the wish, and asks again after another one', async () => {
    const email = newEmail();
    const fields = { email, password: PASSWORD, first_name: 'Robin' };
    expectStatus(202, await app.visitor.post(door('register', shops.cafe), fields));
    const token = await newestLink(app, 'registration', shops.cafe);
    const page = await look(`confirm?token=${token}`);
    expect(page.text).toContain('Confirm your account');
    keepsTheToken(page);
    const wrong = await submit('confirm', { token, password: 'wrong' });
    expect(wrong).toMatchObject({ status: 422, text: expect.stringContaining('This is not the password') });
    const sent = await submit('confirm', { token, password: PASSWORD });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, cafe('confirm?done=confirmed')]);
    expect(await customerOf(app.visitor, sent).get(ME)).toMatchObject({ status: 200, body: { email } });
    expect(await look(`confirm?token=${token}`)).toMatchObject(invalid);
    expect(await look('confirm')).toMatchObject(invalid);
  });

  it('gives an account its new address, and tells its owner when a customer has it', async () => {
    const { to, token } = await moving();
    expect((await look(`confirm?token=${token}`)).text).toContain('Confirm your e-mail address');
    const contact = { first_name: 'Kim', last_name: '', email: to };
    expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { contact })));
    const taken = await submit('confirm', { token, password: PASSWORD });
    expect(taken).toMatchObject({ status: 409, text: expect.stringContaining('from another customer') });
    await app.admin`UPDATE customers SET email = ${newEmail()} WHERE email = ${to}`;
    expect(await submit('confirm', { token, password: PASSWORD })).toMatchObject({ status: 303 });
    expect(await knock(to, PASSWORD)).toMatchObject({ status: 200 });
  });
});

describe('a form of these pages', () => {
  it('is refused from another site’s page, and forms are unknown everywhere else', async () => {
    const { token } = await forgetful();
    const fields = { token, password: NEW_PASSWORD };
    for (const path of ['password', 'confirm'])
      for (const origin of ['https://evil.example', 'null'])
        expect(await send(cafe(path), fields, { origin })).toMatchObject({ status: 403 });
    const asking = send(cafe('password/requests'), { email: newEmail() }, { origin: 'https://evil.example' });
    expect(await asking).toMatchObject({ status: 403 });
    for (const path of [door('login', shops.cafe), door('password-reset', shops.cafe), '/login'])
      expect(await send(path, fields, { accept: 'application/json' })).toMatchObject({ status: 415 });
    expect(await look(`password?token=${token}`)).toMatchObject({ status: 200 });
  });
});

describe('another e-mail address', () => {
  it('changes nothing until its mailbox and the password confirm it; then all sessions and older links end', async () => {
    const { email, to, customer, token } = await moving();
    expectStatus(202, await app.visitor.post(door('password-reset', shops.cafe), { email }));
    const toTheOldBox = await newestLink(app, 'password-reset', shops.cafe);
    expect(await customer.get(ME)).toMatchObject({ body: { email } });
    expect(await confirm(token, 'wrong')).toMatchObject({ status: 401, body: { code: 'SIGN_IN_FAILED' } });
    expect(await knock(to, PASSWORD)).toMatchObject({ status: 401 });
    const answer = await confirm(token);
    expect(answer).toMatchObject({ status: 200, body: { email: to } });
    expect(await customerOf(app.visitor, answer).get(ME)).toMatchObject({ status: 200 });
    expect(await customer.get(ME)).toMatchObject({ status: 401 });
    expect(await knock(email, PASSWORD)).toMatchObject({ status: 401 });
    const change = { token: toTheOldBox, password: NEW_PASSWORD };
    expect(await app.visitor.post(door('password-reset/confirmation', shops.cafe), change)).toMatchObject({
      status: 404,
      body: { code: 'LINK_INVALID' },
    });
    const [entry] = await app.admin`
      SELECT actor_kind, before, after FROM audit_log WHERE action = 'customer.email_changed' ORDER BY at DESC LIMIT 1`;
    expect(entry).toEqual({ actor_kind: 'customer', before: null, after: null });
  });

  it('is asked for with the present password, at a store of one’s merchant, by a customer', async () => {
    const customer = await signedIn(await account());
    expect(await wish(customer, newEmail(), 'wrong')).toMatchObject({
      status: 422,
      body: { code: 'PASSWORD_WRONG' },
    });
    for (const store of ['other', 'nowhere'])
      expect(await wish(customer, newEmail(), PASSWORD, store)).toMatchObject({
        status: 404,
        body: { code: 'STORE_NOT_FOUND' },
      });
    expect(await wish(app.visitor, newEmail())).toMatchObject({ status: 401 });
    expect(await wish(customer, 'no address')).toMatchObject({ status: 422 });
  });

  it('that another customer has is answered like any other, and not given away or taken', async () => {
    const taken = await account();
    const { customer, token } = await moving(taken);
    const free = await wish(customer, newEmail());
    expect(free).toMatchObject({ status: 202, body: { status: 'asked' } });
    expect(await confirm(token)).toMatchObject({ status: 409, body: { code: 'EMAIL_TAKEN' } });
    expect(await knock(taken, PASSWORD)).toMatchObject({ status: 200 });
  });

  it('comes of a link once, of the newest only, in time, and of this merchant', async () => {
    const { to, customer, token: older } = await moving();
    expectStatus(202, await wish(customer, to));
    const token = await newestLink(app, 'email-change', shops.cafe);
    expect(await confirm(token, PASSWORD, shops.other)).toMatchObject({ status: 404 });
    const answers = await Promise.all([confirm(token), confirm(token)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404]);
    expect(await confirm(older)).toMatchObject({ status: 404, body: { code: 'LINK_INVALID' } });
    const late = await moving();
    await app.admin`UPDATE customer_email_changes SET expires_at = now()`;
    expect(await confirm(late.token)).toMatchObject({ status: 404, body: { code: 'LINK_INVALID' } });
  });

  it('sends one account, and one address, no more than three mails an hour', async () => {
    const to = newEmail();
    const { customer } = await moving(to);
    for (let nth = 0; nth < 4; nth++) expectStatus(202, await wish(customer, to));
    const other = await signedIn(await account());
    expectStatus(202, await wish(other, to));
    expect(await app.admin`SELECT FROM customer_email_changes WHERE email = ${to}`).toHaveLength(3);
    expect(cookiesOf(await wish(other, to))).toEqual({});
  });
});
