import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isEmptySystem, issueSetupLink } from '#app/stores/setup-link.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { signedIn } from '../support/sign-in.ts';

const SHOP = {
  merchant_name: 'Juniper & Daughters',
  store_name: 'Juniper',
  slug: 'juniper',
  currency: 'EUR',
  country: 'DE',
  timezone: 'Europe/Berlin',
  owner_name: 'June',
  email: 'June@Example.com',
  password: 'a password of some length',
};

let app: TestApp;
let secret: string;
beforeAll(async () => {
  app = await testApp({ environment: 'production' });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.admin`TRUNCATE merchants, directory_setup CASCADE`;
  secret = await issueSetupLink(app.database);
});

const page = (token: string) => app.visitor.get(`/setup/${token}`, { accept: 'text/html' });
const setUp = (token: string, changes = {}, headers = {}) =>
  app.visitor.post(`/setup/${token}`, { ...SHOP, ...changes }, headers);

async function merchants(): Promise<number> {
  return (await app.admin`SELECT FROM merchants`).length;
}

describe('the setup link of an empty system', () => {
  it('makes merchant, store and owner, and signs the owner in at the store', async () => {
    expect(await isEmptySystem(app.database)).toBe(true);
    expect((await page(secret)).status).toBe(200);

    const answer = await setUp(secret);
    expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({
      status: 303,
      to: '/dashboard',
    });
    const owner = signedIn(app.visitor, answer);
    expect(await owner.get('/dashboard/board.json')).toMatchObject({ status: 200, body: { orders: [] } });
    expect(await app.visitor.get('/api/v1/stores/juniper')).toMatchObject({
      status: 200,
      body: {
        name: 'Juniper',
        currency: 'EUR',
        country: 'DE',
        timezone: 'Europe/Berlin',
        pickup: true,
        shipping: false,
      },
    });
    expect(
      await app.visitor.post('/login', { login: 'june@example.com', password: SHOP.password }),
    ).toMatchObject({ status: 303 });
    expect(await isEmptySystem(app.database)).toBe(false);
    const audit = await app.admin`SELECT action FROM audit_log WHERE action LIKE '%.created' ORDER BY id`;
    expect(audit.map(({ action }) => action)).toEqual(['merchant.created', 'store.created', 'staff.created']);
  });

  it('works once', async () => {
    expect(await setUp(secret)).toMatchObject({ status: 303 });
    expect((await page(secret)).status).toBe(404);
    const again = await setUp(secret, { slug: 'second', email: 'second@example.com' });
    expect(again).toMatchObject({ status: 404, body: { code: 'SETUP_LINK_INVALID' } });
    expect(await merchants()).toBe(1);
  });

  it('works for one of two who use it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, nth) =>
        setUp(secret, { slug: `shop-${nth}`, email: `owner-${nth}@example.com` }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 404, 404, 404, 404]);
    expect(await merchants()).toBe(1);
  });

  it.each([
    ['one letter', 'x'],
    ['nothing', ''],
    ['no text', '%00'],
    ['a secret of the right length', 'A'.repeat(43)],
    ['one that is too long', 'A'.repeat(200)],
  ])('is not guessed as %s', async (_, token) => {
    for (const { status } of [await page(token), await setUp(token)]) expect([404, 422]).toContain(status);
    expect(await merchants()).toBe(0);
  });

  it('ends when a newer one is printed', async () => {
    const newer = await issueSetupLink(app.database);
    expect(await setUp(secret)).toMatchObject({ status: 404 });
    expect(await setUp(newer)).toMatchObject({ status: 303 });
  });

  it('is kept as a hash: reading the database opens nothing', async () => {
    const kept =
      await app.admin`SELECT FROM directory_setup WHERE position(${secret}::bytea IN token_hash) > 0`;
    expect(kept).toHaveLength(0);
  });

  it.each<[string, object]>([
    ['a time zone that is none', { timezone: 'Europe/Atlantis' }],
    ['a currency that is none', { currency: 'XXQ' }],
    ['a country that is none', { country: 'QQ' }],
    ['a short password', { password: 'too short' }],
    ['a slug with capitals', { slug: 'Juniper' }],
    ['a name of spaces', { store_name: '   ' }],
    ['a field too many', { role: 'owner' }],
  ])('stays usable when it is used with %s', async (_, changes) => {
    const answer = await setUp(secret, changes);
    expect(answer).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    expect(Object.keys(answer.body['errors'] as object)).toEqual(Object.keys(changes));
    expect(await merchants()).toBe(0);
    expect(await setUp(secret)).toMatchObject({ status: 303 });
  });

  it('stays usable when the database refuses what it was used for', async () => {
    await app.admin`ALTER TABLE staff RENAME TO staff_away`;
    expect(await setUp(secret)).toMatchObject({ status: 500 });
    await app.admin`ALTER TABLE staff_away RENAME TO staff`;
    expect(await merchants()).toBe(0);
    expect(await setUp(secret)).toMatchObject({ status: 303 });
  });

  it('is not used by another site’s page', async () => {
    const answer = await setUp(secret, {}, { origin: 'https://evil.example' });
    expect(answer).toMatchObject({ status: 403 });
    expect(await merchants()).toBe(0);
  });
});
