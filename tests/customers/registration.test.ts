import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { customerOf, door, link, newestLink, register } from '../support/customers.ts';
import { cookiesOf, type Answer, type HttpClient } from '../support/http-client.ts';
import { openMerchants, PASSWORD, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';

const ME = '/api/v1/customers/me';
const OTHER_PASSWORD = 'another long password';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());

const newEmail = () => `${randomUUID()}@example.com`;

const wish = (email: string, changes = {}) =>
  app.visitor.post(door('register', shops.cafe), {
    email,
    password: PASSWORD,
    first_name: 'Robin',
    ...changes,
  });

const confirm = (token: string, password = PASSWORD, store = shops.cafe) =>
  app.visitor.post(door('register/confirmation', store), { token, password });

const ask = (email: string, store = shops.cafe) => app.visitor.post(door('password-reset', store), { email });
const choose = (token: string, password = OTHER_PASSWORD, store = shops.cafe) =>
  app.visitor.post(door('password-reset/confirmation', store), { token, password });
const signInWith = (email: string, password: string) =>
  app.visitor.post(door('login', shops.cafe), { email, password });
const knock = (client: HttpClient, email: string, password: string, store = shops.cafe) =>
  client.post(door('login', store), { email, password });

const orderAsGuest = async (email: string) =>
  expectStatus(
    201,
    await checkOut(
      app.visitor,
      shops.cafe,
      checkoutOf(shops.cafe, 'pickup', {
        contact: { first_name: 'Guest', last_name: 'Before', email, mobile: '+61 400 555 001' },
      }),
    ),
  );

const customers = (email: string) =>
  app.admin<{ id: number; has_account: boolean; first_name: string }[]>`
    SELECT id::int, password_hash IS NOT NULL AS has_account, first_name FROM customers WHERE email = ${email}`;

const eventsFor = (type: string) => app.admin`SELECT payload FROM domain_events WHERE type = ${type}`;

/** What a caller can compare. */
function told({ status, text, headers }: Answer<unknown>) {
  const names = [...headers.keys()].filter((name) => name !== 'date').toSorted();
  return { status, text: text.replace(/"request_id":"[^"]*"/, ''), names, cookies: headers.getSetCookie() };
}

describe('asking for an account', () => {
  it('is answered alike for an unknown address, a guest’s and an account’s, and opens nothing', async () => {
    const [unknown, guest, account] = [newEmail(), newEmail(), newEmail()];
    await orderAsGuest(guest);
    await register(app, shops.cafe, { email: account });
    const answers = [await wish(unknown), await wish(guest), await wish(account)];
    expect(told(answers[0]!)).toMatchObject({ status: 202, text: '{"status":"asked"}', cookies: [] });
    for (const answer of answers) expect(told(answer)).toEqual(told(answers[0]!));
    expect(await customers(unknown)).toEqual([]);
    expect(await customers(guest)).toMatchObject([{ has_account: false, first_name: 'Guest' }]);
    for (const email of [unknown, guest]) {
      const answer = await app.visitor.post(door('login', shops.cafe), { email, password: PASSWORD });
      expect(answer).toMatchObject({ status: 401, body: { code: 'SIGN_IN_FAILED' } });
    }
  });

  it('sends the link by an event that names nobody', async () => {
    const before = await eventsFor('RegistrationRequested');
    const email = newEmail();
    await wish(email);
    const after = await eventsFor('RegistrationRequested');
    expect(after).toHaveLength(before.length + 1);
    expect(JSON.stringify(after)).not.toContain(email);
    expect(after.at(-1)?.['payload']).toEqual({ registration_id: expect.any(Number) });
  });

  it('sends the owner of an account a link for a new password instead', async () => {
    const email = newEmail();
    await register(app, shops.cafe, { email });
    const before = await eventsFor('PasswordResetRequested');
    await wish(email, { password: OTHER_PASSWORD });
    expect(await eventsFor('PasswordResetRequested')).toHaveLength(before.length + 1);
    const answer = await app.visitor.post(door('login', shops.cafe), { email, password: OTHER_PASSWORD });
    expect(answer.status).toBe(401);
  });

  it('sends one address no more than three mails an hour, and does not tell', async () => {
    const email = newEmail();
    const answers = [];
    for (let nth = 0; nth < 5; nth++) answers.push(await wish(email));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await app.admin`SELECT FROM customer_registrations WHERE email = ${email}`).toHaveLength(3);
  });

  it('is for a store that there is, and not from another site’s page', async () => {
    expect(await wish(newEmail(), {})).toMatchObject({ status: 202 });
    const body = { email: newEmail(), password: PASSWORD, first_name: 'R' };
    expect(await app.visitor.post(door('register', { slug: 'nowhere' }), body)).toMatchObject({
      status: 404,
      body: { code: 'STORE_NOT_FOUND' },
    });
    expect(await app.visitor.post('/api/v1/customers/register', body)).toMatchObject({ status: 404 });
    expect(
      await app.visitor.post(door('register', shops.cafe), body, { origin: 'https://evil.example' }),
    ).toMatchObject({ status: 403 });
  });
});

describe('confirming an account', () => {
  it('signs in, with the password of the wish', async () => {
    const email = newEmail();
    await wish(` ${email.toUpperCase()}`.trim(), { mobile: '+61 400 000 123' });
    const token = await newestLink(app, 'registration', shops.cafe);
    const answer = await confirm(token);
    expect(answer).toMatchObject({
      status: 200,
      body: { email, first_name: 'Robin', last_name: '', mobile: '+61400000123', loyalty_points: 0 },
    });
    const robin = customerOf(app.visitor, answer);
    expect(await robin.get(ME)).toMatchObject({ status: 200, body: { email } });
    expect(await app.visitor.post(door('login', shops.cafe), { email, password: PASSWORD })).toMatchObject({
      status: 200,
    });
  });

  it('makes the guest’s record the account, with its orders', async () => {
    const email = newEmail();
    const { public_id } = await orderAsGuest(email);
    const [guest] = await customers(email);
    await register(app, shops.cafe, { email });
    expect(await customers(email)).toEqual([{ id: guest?.id, has_account: true, first_name: 'Robin' }]);
    const [order] = await app.admin`SELECT customer_id::int FROM orders WHERE public_id = ${public_id}`;
    expect(order).toEqual({ customer_id: guest?.id });
  });

  it('is not to be had by whoever wrote down a stranger’s address: their password is not the reader’s', async () => {
    const email = newEmail();
    await orderAsGuest(email);
    await wish(email, { password: OTHER_PASSWORD });
    const token = await newestLink(app, 'registration', shops.cafe);
    expect(await confirm(token)).toMatchObject({ status: 401, body: { code: 'SIGN_IN_FAILED' } });
    expect(await customers(email)).toMatchObject([{ has_account: false }]);
  });

  it('happens once, also when two come at once', async () => {
    await wish(newEmail());
    const token = await newestLink(app, 'registration', shops.cafe);
    const statuses = (await Promise.all([confirm(token), confirm(token), confirm(token)])).map(
      ({ status }) => status,
    );
    expect(statuses.toSorted()).toEqual([200, 404, 404]);
    expect(await confirm(token)).toMatchObject({ status: 404, body: { code: 'LINK_INVALID' } });
  });

  it('is refused alike for a link of another purpose or merchant, a late one and garbage', async () => {
    await wish(newEmail());
    const token = await newestLink(app, 'registration', shops.cafe);
    const [row] = await app.admin<{ id: number }[]>`SELECT max(id)::int AS id FROM customer_registrations`;
    const { merchantId } = shops.cafe.tenant;
    const answers = [
      await confirm('garbage'),
      await confirm(link('password-reset', merchantId, row?.id ?? 0)),
      await confirm(token, PASSWORD, shops.other),
      await confirm(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`),
    ];
    await app.admin`UPDATE customer_registrations SET expires_at = now() WHERE id = ${row?.id ?? 0}`;
    answers.push(await confirm(token));
    for (const answer of answers) expect(told(answer)).toEqual(told(answers[0]!));
    expect(answers[0]).toMatchObject({ status: 404, body: { code: 'LINK_INVALID' } });
  });

  it('locks after five wrong passwords', async () => {
    await wish(newEmail());
    const token = await newestLink(app, 'registration', shops.cafe);
    for (let nth = 0; nth < 5; nth++) expect((await confirm(token, 'wrong')).status).toBe(401);
    expect(await confirm(token)).toMatchObject({ status: 429, body: { code: 'SIGN_IN_LOCKED' } });
  });
});

describe('a new password', () => {
  it('is asked for alike, whoever has the address; only an account is sent a link', async () => {
    const [guest, account] = [newEmail(), newEmail()];
    await orderAsGuest(guest);
    await register(app, shops.cafe, { email: account });
    const before = await eventsFor('PasswordResetRequested');
    const answers = [await ask(newEmail()), await ask(guest), await ask(account, shops.other)];
    expect(await eventsFor('PasswordResetRequested')).toHaveLength(before.length);
    answers.push(await ask(account));
    const after = await eventsFor('PasswordResetRequested');
    expect(after).toHaveLength(before.length + 1);
    expect(after.at(-1)?.['payload']).toEqual({ reset_id: expect.any(Number) });
    for (const answer of answers) expect(told(answer)).toEqual(told(answers[0]!));
    expect(answers[0]).toMatchObject({ status: 202, body: { status: 'asked' } });
  });

  it('replaces the old one, ends all sessions, and signs in here', async () => {
    const email = newEmail();
    const robin = await register(app, shops.cafe, { email });
    await ask(email);
    const answer = await choose(await newestLink(app, 'password-reset', shops.cafe));
    expect(answer).toMatchObject({ status: 200, body: { email } });
    expect(await robin.get(ME)).toMatchObject({ status: 401 });
    expect(await customerOf(app.visitor, answer).get(ME)).toMatchObject({ status: 200 });
    expect(await signInWith(email, PASSWORD)).toMatchObject({ status: 401 });
    expect(await signInWith(email, OTHER_PASSWORD)).toMatchObject({ status: 200 });
  });

  it('comes of each link once, and uses up the others', async () => {
    const email = newEmail();
    await register(app, shops.cafe, { email });
    await ask(email);
    const older = await newestLink(app, 'password-reset', shops.cafe);
    await ask(email);
    const token = await newestLink(app, 'password-reset', shops.cafe);
    const answers = await Promise.all([choose(token), choose(token)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404]);
    for (const used of [token, older])
      expect(await choose(used)).toMatchObject({ status: 404, body: { code: 'LINK_INVALID' } });
  });

  it('is refused for a late link, and at another merchant', async () => {
    const email = newEmail();
    await register(app, shops.cafe, { email });
    await ask(email);
    const token = await newestLink(app, 'password-reset', shops.cafe);
    expect(await choose(token, OTHER_PASSWORD, shops.other)).toMatchObject({ status: 404 });
    await app.admin`UPDATE customer_password_resets SET expires_at = now()`;
    expect(await choose(token)).toMatchObject({ status: 404 });
    expect(await signInWith(email, PASSWORD)).toMatchObject({ status: 200 });
  });
});

describe('signing in', () => {
  it('does not tell an unknown address from a guest’s, a wrong password or another merchant’s customer', async () => {
    const [guest, account] = [newEmail(), newEmail()];
    await orderAsGuest(guest);
    await register(app, shops.cafe, { email: account });
    const answers = [
      await knock(app.visitor, newEmail(), PASSWORD),
      await knock(app.visitor, guest, PASSWORD),
      await knock(app.visitor, account, 'wrong'),
      await knock(app.visitor, account, PASSWORD, shops.other),
    ];
    for (const answer of answers) expect(told(answer)).toEqual(told(answers[0]!));
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'SIGN_IN_FAILED' } });
  });

  it('works at every store of the merchant, with a new secret each time', async () => {
    const email = newEmail();
    await register(app, shops.cafe, { email });
    const [one, two] = [
      await knock(app.visitor, email, PASSWORD),
      await knock(app.visitor, email, PASSWORD, shops.roastery),
    ];
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(cookiesOf(one)['storeflow_customer']).not.toBe(cookiesOf(two)['storeflow_customer']);
    expect(one.headers.getSetCookie()[0]).toMatch(/HttpOnly; SameSite=Lax/);
    const [row] = await app.admin`
      SELECT FROM directory_customer_sessions WHERE position(${cookiesOf(one)['storeflow_customer'] ?? ''}::bytea IN token_hash) > 0`;
    expect(row).toBeUndefined();
  });

  it('closes for five minutes after five failures in a minute, for this address and account', async () => {
    const [email, other] = [newEmail(), newEmail()];
    await register(app, shops.cafe, { email });
    await register(app, shops.cafe, { email: other });
    for (let nth = 0; nth < 5; nth++)
      expect((await knock(app.visitor, nth % 2 ? email : email.toUpperCase(), 'wrong')).status).toBe(401);
    const locked = await knock(app.visitor, email, PASSWORD);
    expect(locked).toMatchObject({ status: 429, body: { code: 'SIGN_IN_LOCKED' } });
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(240);
    expect(await knock(app.visitor, other, PASSWORD)).toMatchObject({ status: 200 });
  });
});
