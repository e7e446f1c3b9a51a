import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { cookiesOf, type HttpClient } from '../support/http-client.ts';
import { openMerchants, PASSWORD, type TestMerchants } from '../support/merchants.ts';
import { expectStatus, move, orderAt } from '../support/orders.ts';
import { signedIn, signIn } from '../support/sign-in.ts';
import { socketOf } from '../support/staff-socket.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());

const BOARD = '/dashboard/board.json';

/** A session whose age is set, in hours. */
async function agedSession(age: { seen?: number; ends?: number }): Promise<HttpClient> {
  await app.admin`DELETE FROM staff_sessions`;
  const staff = await signIn(app.visitor, 'manager');
  await app.admin`
    UPDATE staff_sessions SET seen_at = now() - make_interval(hours => ${age.seen ?? 0}),
      expires_at = now() + make_interval(hours => ${age.ends ?? 1})`;
  return staff;
}

describe('a session', () => {
  it('ends when its owner signs out', async () => {
    const manager = await signIn(app.visitor, 'manager');
    const answer = await manager.post('/logout');
    expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({
      status: 303,
      to: '/login',
    });
    expect(cookiesOf(answer)).toMatchObject({ storeflow_staff: '', 'XSRF-TOKEN': '' });
    expect(await manager.get(BOARD)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(await app.admin`SELECT FROM directory_staff_sessions`).toHaveLength(0);
  });

  it('ends the moment that its owner is deactivated', async () => {
    const barista = await signIn(app.visitor, 'barista');
    expectStatus(200, await barista.get(BOARD));
    await app.admin`UPDATE staff SET deactivated_at = now() WHERE username = 'barista'`;
    expect(await barista.get(BOARD)).toMatchObject({ status: 401 });
    await app.admin`UPDATE staff SET deactivated_at = NULL WHERE username = 'barista'`;
  });

  it('ends twelve hours after it was used last', async () => {
    expect(await (await agedSession({ seen: 11 })).get(BOARD)).toMatchObject({ status: 200 });
    expect(await (await agedSession({ seen: 13 })).get(BOARD)).toMatchObject({ status: 401 });
  });

  it('lives on when it is used', async () => {
    const manager = await agedSession({ seen: 11 });
    expectStatus(200, await manager.get(BOARD));
    const [session] =
      await app.admin`SELECT seen_at > now() - interval '1 minute' AS renewed FROM staff_sessions`;
    expect(session).toEqual({ renewed: true });
  });

  it('ends at its last hour, however much it is used', async () => {
    expect(await (await agedSession({ ends: -1 })).get(BOARD)).toMatchObject({ status: 401 });
  });

  it('is worth nothing in another browser', async () => {
    const manager = await signIn(app.visitor, 'manager');
    expect(await manager.get(BOARD, { 'user-agent': 'another' })).toMatchObject({ status: 401 });
    expect(await manager.get(BOARD, { 'accept-language': 'de' })).toMatchObject({ status: 401 });
    expect(await manager.get(BOARD)).toMatchObject({ status: 200 });
  });

  it.each(['', 'x', 'a'.repeat(10_000), '%00', '; storeflow_staff='])(
    'is not opened by %s',
    async (secret) => {
      const answer = await app.visitor.get(BOARD, { cookie: `storeflow_staff=${secret}` });
      expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    },
  );

  it('sends people to the sign-in page when it has ended', async () => {
    const answer = await app.visitor.get('/dashboard', {
      accept: 'text/html',
      cookie: 'storeflow_staff=old',
    });
    expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({
      status: 303,
      to: '/login',
    });
    expect(cookiesOf(answer)).toMatchObject({ storeflow_staff: '' });
  });
});

const writes = (staff: HttpClient) => [
  staff.post('/logout'),
  staff.post('/dashboard/store', { store_id: shops.cafe.id }),
  staff.post('/dashboard/realtime/ticket'),
];

describe('a write over a session', () => {
  it.each<[string, Record<string, string>]>([
    ['missing', { 'x-xsrf-token': '' }],
    ['another text', { 'x-xsrf-token': 'a'.repeat(43) }],
    ['of another length', { 'x-xsrf-token': 'a' }],
    ['as many letters of two bytes', { 'x-xsrf-token': 'é'.repeat(43) }],
  ])('is refused when its token is %s, and changes nothing', async (_, headers) => {
    const manager = await signIn(app.visitor, 'manager');
    const walk = { customer: app.visitor, staff: manager, store: shops.cafe, fulfilment: 'pickup' } as const;
    const order = await orderAt('pending', walk);
    const forged = manager.with(headers);
    for (const answer of await Promise.all([...writes(forged), move(forged, order, 'accepted')])) {
      expect(answer).toMatchObject({ status: 419, body: { code: 'SESSION_EXPIRED' } });
    }
    expect(await manager.get(`/dashboard/orders/${order.public_id}.json`)).toMatchObject({
      body: { status: 'pending' },
    });
  });

  it('is refused when its token is that of another session', async () => {
    const [manager, barista] = [
      await signIn(app.visitor, 'manager'),
      await app.visitor.post('/login', { login: 'barista', password: PASSWORD }),
    ];
    const forged = manager.with({ 'x-xsrf-token': cookiesOf(barista)['XSRF-TOKEN'] ?? '' });
    for (const answer of await Promise.all(writes(forged))) expect(answer).toMatchObject({ status: 419 });
  });

  it('needs no token to read', async () => {
    const manager = await signIn(app.visitor, 'manager');
    expect(await manager.with({ 'x-xsrf-token': '' }).get(BOARD)).toMatchObject({ status: 200 });
  });
});

describe('choosing a store', () => {
  it('binds the session to it, and to another when it is chosen', async () => {
    const owner = await signIn(app.visitor, 'owner', shops.cafe);
    const walk = { customer: app.visitor, staff: owner, store: shops.cafe, fulfilment: 'pickup' } as const;
    const { public_id } = await orderAt('pending', walk);
    expect((await owner.get(BOARD)).text).toContain(public_id);
    expectStatus(303, await owner.post('/dashboard/store', { store_id: shops.roastery.id }));
    expect((await owner.get(BOARD)).text).not.toContain(public_id);
  });

  it.each([
    ['of another merchant', () => shops.other.id],
    ['of the merchant, where one does not work', () => shops.roastery.id],
    ['that does not exist', () => 'st_k3JdXa0Q'],
    ['by an id of another kind', () => shops.cafe.products.tee.id],
    ['by a database’s number', () => '1'],
  ])('%s is refused alike, and keeps the one that was chosen', async (_, id) => {
    const manager = await signIn(app.visitor, 'manager');
    const answer = await manager.post('/dashboard/store', { store_id: id() });
    const { request_id: _id, ...told } = answer.body;
    expect(told).toEqual({
      type: expect.any(String),
      title: 'No such store',
      status: 404,
      code: 'STORE_NOT_FOUND',
      detail: 'You have no store with this id.',
    });
    expect(await manager.get(BOARD)).toMatchObject({ status: 200 });
  });

  it('shows those that one may enter', async () => {
    const owner = await signIn(app.visitor, 'owner');
    const page = await owner.get<{ props: { stores: { slug: string }[] } }>('/dashboard/stores', {
      'x-inertia': 'true',
      'x-inertia-version': await inertiaVersion(owner),
    });
    expect(page.body.props.stores.map(({ slug }) => slug)).toEqual(['cafe', 'roastery']);
  });

  it('ends when the membership does', async () => {
    const barista = await signIn(app.visitor, 'barista');
    await app.admin`DELETE FROM memberships WHERE staff_id = (SELECT id FROM staff WHERE username = 'barista')`;
    expect(await barista.get(BOARD)).toMatchObject({ status: 409, body: { code: 'STORE_NOT_CHOSEN' } });
  });
});

async function inertiaVersion(staff: HttpClient): Promise<string> {
  const { headers } = await staff.get('/dashboard/stores', {
    'x-inertia': 'true',
    'x-inertia-version': 'old',
  });
  return headers.get('x-inertia-version') ?? '';
}

const changePassword = (staff: HttpClient, current: string, next: string) =>
  staff.post('/dashboard/account/password', { current_password: current, new_password: next });

const sessionsOf = async (staff: HttpClient) =>
  (
    await staff.get<{ data: { id: string; user_agent: string; current: boolean }[] }>(
      '/dashboard/account/sessions.json',
    )
  ).body.data;

describe('one’s own account', () => {
  it('gets another password, which ends all other sessions and renews this one', async () => {
    const [here, there] = [await signIn(app.visitor, 'packer'), await signIn(app.visitor, 'packer')];
    expect(await changePassword(here, 'wrong', 'a better password')).toMatchObject({
      status: 422,
      body: { code: 'PASSWORD_WRONG', errors: { current_password: expect.any(Array) } },
    });
    expect((await changePassword(here, PASSWORD, 'short')).status).toBe(422);
    const answer = await changePassword(here, PASSWORD, 'a better password');
    expect(answer.status).toBe(204);
    expect((await there.get(BOARD)).status).toBe(401);
    expect((await here.get(BOARD)).status).toBe(401);
    expect((await signedIn(app.visitor, answer).get(BOARD)).status).toBe(200);
    expect((await changePassword(signedIn(app.visitor, answer), 'a better password', PASSWORD)).status).toBe(
      204,
    );
  });

  it('shows its sessions and ends them one by one, and nobody else’s', async () => {
    const here = await signIn(app.visitor, 'packer');
    const there = await signIn(app.visitor.with({ 'user-agent': 'Kitchen tablet' }), 'packer');
    const tablet = (await sessionsOf(here)).find(({ user_agent }) => user_agent === 'Kitchen tablet');
    expect(tablet).toMatchObject({ current: false });
    expect((await sessionsOf(here)).filter(({ current }) => current)).toHaveLength(1);
    const stranger = await signIn(app.visitor, 'manager');
    expect((await stranger.delete(`/dashboard/account/sessions/${tablet?.id}`)).status).toBe(404);
    expect((await here.delete(`/dashboard/account/sessions/${tablet?.id}`)).status).toBe(204);
    expect((await there.get(BOARD)).status).toBe(401);
    expect((await here.get(BOARD)).status).toBe(200);
  });

  it('ends the socket of a session with it, and all others when the password changes', async () => {
    const [here, there] = [await signIn(app.visitor, 'packer'), await signIn(app.visitor, 'packer')];
    const [one, other] = [await socketOf(here, shops.roastery), await socketOf(there, shops.roastery)];
    const { id } = (await sessionsOf(there)).find(({ current }) => current) ?? {};
    expect((await here.delete(`/dashboard/account/sessions/${id}`)).status).toBe(204);
    expect(await other.closed).toBe(4401);
    const elsewhere = await signIn(app.visitor, 'packer');
    expect((await changePassword(elsewhere, PASSWORD, PASSWORD)).status).toBe(204);
    expect(await one.closed).toBe(4401);
  });
});
