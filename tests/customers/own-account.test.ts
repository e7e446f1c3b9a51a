import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { customerOf, door, register } from '../support/customers.ts';
import { cookiesOf, type HttpClient } from '../support/http-client.ts';
import { CANARY, openMerchants, PASSWORD, type TestMerchants } from '../support/merchants.ts';
import { expectStatus, line } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const ME = '/api/v1/customers/me';
const NEW_PASSWORD = 'another long password';
const ADDRESS = { country: 'au', state: ' VIC ', postcode: '3000', city: 'Melbourne', line1: '2 Low Street' };

let app: TestApp;
let shops: TestMerchants;
let robin: HttpClient;
/** A customer of the other merchant, and of the same one. */
let stranger: HttpClient;
let neighbour: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  robin = await register(app, shops.cafe, { email: 'robin@example.com' });
  neighbour = await register(app, shops.roastery, { email: 'kim@example.com' });
  stranger = await register(app, shops.other, { email: 'robin@example.com', first_name: CANARY });
});
afterAll(() => app.close());

const knock = (email = 'robin@example.com') =>
  app.visitor.post(door('login', shops.cafe), { email, password: PASSWORD });

const addressOf = async (customer: HttpClient, fields: object = ADDRESS) =>
  expectStatus(201, await customer.post<{ id: string }>(`${ME}/addresses`, fields));

describe('the doors of customers and of staff', () => {
  it('are not opened by one another’s cookies', async () => {
    const manager = await signIn(app.visitor, 'manager');
    const staffSecret = cookiesOf(await app.visitor.post('/login', { login: 'manager', password: PASSWORD }));
    const customerSecret = cookiesOf(await knock());
    const disguised = (names: Record<string, string>) =>
      app.visitor.with({
        cookie: Object.entries(names)
          .map((pair) => pair.join('='))
          .join('; '),
      });
    const asCustomer = disguised({ storeflow_customer: staffSecret['storeflow_staff'] ?? '' });
    const asStaff = disguised({ storeflow_staff: customerSecret['storeflow_customer'] ?? '' });
    expect(await asCustomer.get(ME)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(await asStaff.get('/dashboard/board.json')).toMatchObject({ status: 401 });
    expect(await manager.get(ME)).toMatchObject({ status: 401 });
    expect(await robin.get('/dashboard/board.json')).toMatchObject({ status: 401 });
  });
});

describe('a session', () => {
  it('is worth nothing in another browser, or with another secret', async () => {
    expect(await robin.get(ME, { 'user-agent': 'another' })).toMatchObject({ status: 401 });
    for (const secret of ['', 'x', 'a'.repeat(43)])
      expect(await app.visitor.get(ME, { cookie: `storeflow_customer=${secret}` })).toMatchObject({
        status: 401,
      });
  });

  it('ends after fourteen days without use, and at its last hour', async () => {
    const aged = customerOf(app.visitor, await knock());
    const age = (days: { seen: number; ends: number }) => app.admin`
      UPDATE customer_sessions SET seen_at = now() - make_interval(days => ${days.seen}), expires_at = now() + make_interval(days => ${days.ends})
      WHERE id = (SELECT max(id) FROM customer_sessions)`;
    await age({ seen: 13, ends: 1 });
    expect(await aged.get(ME)).toMatchObject({ status: 200 });
    await age({ seen: 15, ends: 1 });
    expect(await aged.get(ME)).toMatchObject({ status: 401 });
    await age({ seen: 0, ends: -1 });
    expect(await aged.get(ME)).toMatchObject({ status: 401 });
    await knock();
    expect(await app.admin`SELECT FROM customer_sessions WHERE expires_at < now()`).toHaveLength(0);
  });

  it('is tied to this host behind HTTPS', async () => {
    const secured = await testApp({ secureCookies: true });
    const { cafe } = await openMerchants(secured);
    await register(secured, cafe, { email: 'robin@example.com' });
    const answer = await secured.visitor.post(door('login', cafe), {
      email: 'robin@example.com',
      password: PASSWORD,
    });
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-storeflow_customer=.*; Secure/);
    await secured.close();
  });

  it('can be listed, and ended by its owner only', async () => {
    const [here, there] = [customerOf(app.visitor, await knock()), customerOf(app.visitor, await knock())];
    const { data } = (await here.get<{ data: { id: string; current: boolean }[] }>(`${ME}/sessions`)).body;
    const [newest, current] = data;
    expect([newest?.current, current?.current]).toEqual([false, true]);
    for (const other of [neighbour, stranger])
      expect(await other.delete(`${ME}/sessions/${newest?.id}`)).toMatchObject({
        status: 404,
        body: { code: 'SESSION_NOT_FOUND' },
      });
    expect(await there.get(ME)).toMatchObject({ status: 200 });
    expectStatus(200, await here.delete(`${ME}/sessions/${newest?.id}`));
    expect(await there.get(ME)).toMatchObject({ status: 401 });
    expect(await here.get(ME)).toMatchObject({ status: 200 });
  });

  it('ends when its owner signs out', async () => {
    const leaving = customerOf(app.visitor, await knock());
    const answer = await leaving.post('/api/v1/customers/logout');
    expect(cookiesOf(answer)).toMatchObject({ storeflow_customer: '', storeflow_customer_token: '' });
    expect(await leaving.get(ME)).toMatchObject({ status: 401 });
  });
});

describe('a write over a session', () => {
  it('is refused without its token, with another’s, and from another site’s page', async () => {
    const forged = robin.with({ 'x-customer-token': '' });
    const others = robin.with({
      'x-customer-token': cookiesOf(await knock('kim@example.com'))['storeflow_customer_token'] ?? 'x',
    });
    for (const client of [forged, others])
      expect(await client.patch(ME, { first_name: 'Mallory' })).toMatchObject({
        status: 419,
        body: { code: 'SESSION_EXPIRED' },
      });
    const foreign = robin.with({ origin: 'https://evil.example' });
    expect(await foreign.patch(ME, { first_name: 'Mallory' })).toMatchObject({ status: 403 });
    expect((await robin.get(ME)).body['first_name']).toBe('Robin');
    expect(await forged.get(ME)).toMatchObject({ status: 200 });
  });
});

describe('one’s own data', () => {
  it('change by field; the e-mail address does not', async () => {
    const changed = await robin.patch(ME, { last_name: 'Vale-Oak', mobile: '+61 (400) 777 888' });
    expect(changed).toMatchObject({
      status: 200,
      body: { first_name: 'Robin', last_name: 'Vale-Oak', mobile: '+61400777888' },
    });
    expect(await robin.patch(ME, { mobile: null })).toMatchObject({
      status: 200,
      body: { last_name: 'Vale-Oak', mobile: null },
    });
    expect(await robin.patch(ME, { email: 'x@example.com' })).toMatchObject({ status: 422 });
    expect((await stranger.get(ME)).body['last_name']).toBe('Vale');
  });

  it('have a password that changes only with the present one, and ends the other sessions', async () => {
    const there = customerOf(app.visitor, await knock('kim@example.com'));
    const change = (current: string) =>
      neighbour.put(`${ME}/password`, { current_password: current, password: NEW_PASSWORD });
    expect(await change('wrong')).toMatchObject({
      status: 422,
      body: { code: 'PASSWORD_WRONG', errors: { current_password: [expect.any(String)] } },
    });
    expectStatus(200, await change(PASSWORD));
    expect(await there.get(ME)).toMatchObject({ status: 401 });
    expect(await neighbour.get(ME)).toMatchObject({ status: 200 });
  });
});

describe('an address', () => {
  it('is kept, replaced and removed', async () => {
    const { id } = await addressOf(robin);
    const kept = {
      id,
      country: 'AU',
      state: 'VIC',
      postcode: '3000',
      city: 'Melbourne',
      line1: '2 Low Street',
      line2: null,
    };
    expect((await robin.get(`${ME}/addresses`)).body).toEqual({ data: [kept], next_cursor: null });
    expect((await robin.put(`${ME}/addresses/${id}`, { ...ADDRESS, line1: '3 High Street' })).body).toEqual({
      ...kept,
      line1: '3 High Street',
    });
    expectStatus(200, await robin.delete(`${ME}/addresses/${id}`));
    expect(await robin.delete(`${ME}/addresses/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'ADDRESS_NOT_FOUND' },
    });
  });

  it('is nobody else’s, at this merchant or another', async () => {
    const { id } = await addressOf(robin);
    for (const other of [neighbour, stranger]) {
      expect(await other.put(`${ME}/addresses/${id}`, ADDRESS)).toMatchObject({ status: 404 });
      expect(await other.delete(`${ME}/addresses/${id}`)).toMatchObject({ status: 404 });
      expect((await other.get(`${ME}/addresses`)).body['data']).toEqual([]);
    }
    expect((await robin.get<{ data: unknown[] }>(`${ME}/addresses`)).body.data).toHaveLength(1);
  });

  it('is one of twenty at most, also when many come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 24 }, () => stranger.post(`${ME}/addresses`, ADDRESS)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 409,
      body: { code: 'TOO_MANY_ADDRESSES' },
    });
  });
});

const items = () => [line(shops.cafe.products.tee, { variant: 'M', quantity: 2 })];
const save = (client: HttpClient, version: number, wanted: unknown[] = items()) =>
  client.put(`${ME}/cart?store=cafe`, { items: wanted, version });

describe('a saved cart', () => {
  it('is kept by store, and by version against a second device', async () => {
    expect((await robin.get(`${ME}/cart?store=cafe`)).body).toEqual({ items: [], version: 0 });
    expect((await save(robin, 0)).body).toEqual({ items: items(), version: 1 });
    expect(await save(robin, 0)).toMatchObject({
      status: 409,
      body: { code: 'CART_CHANGED', cart: { items: items(), version: 1 } },
    });
    expect((await save(robin, 1, [])).body).toEqual({ items: [], version: 2 });
    expect((await robin.get(`${ME}/cart?store=roastery`)).body).toEqual({ items: [], version: 0 });
  });

  it('is saved by one of two at once', async () => {
    const statuses = (await Promise.all([save(neighbour, 0), save(neighbour, 0)])).map(
      ({ status }) => status,
    );
    expect(statuses.toSorted()).toEqual([200, 409]);
  });

  it('is for a store of one’s merchant', async () => {
    for (const store of ['other', 'nowhere'])
      expect(await robin.get(`${ME}/cart?store=${store}`)).toMatchObject({
        status: 404,
        body: { code: 'STORE_NOT_FOUND' },
      });
  });
});
