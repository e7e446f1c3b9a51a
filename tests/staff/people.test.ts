import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { type HttpClient } from '../support/http-client.ts';
import { openMerchants, PASSWORD, type Person, type TestMerchants } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';
import { connect } from '../support/realtime.ts';
import { signedIn, signIn } from '../support/sign-in.ts';

let app: TestApp;
let shops: TestMerchants;
let owner: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  owner = await signIn(app.visitor, 'owner');
});
afterAll(() => app.close());

interface Member {
  readonly id: string;
  readonly username: string;
  readonly role: string;
  readonly version: number;
  readonly stores: readonly { id: string }[];
  readonly deactivated_at: string | null;
}

const BOARD = '/dashboard/board.json';
const list = async (staff: HttpClient, query = '') =>
  expectStatus(
    200,
    await staff.get<{ data: Member[]; next_cursor: string | null }>(`/dashboard/staff.json${query}`),
  );
async function member(username: string): Promise<Member> {
  const found = (await list(owner)).data.find((each) => each.username === username);
  if (!found) throw new Error(`expected ${username} among the staff`);
  return found;
}
async function change(username: Person, changes: object): Promise<number> {
  const { id, version, role, stores } = await member(username);
  const body = { version, role, store_ids: stores.map((store) => store.id), ...changes };
  return (await owner.patch(`/dashboard/staff/${id}`, body)).status;
}
const deactivation = ({ id }: Member) => `/dashboard/staff/${id}/deactivation`;

/** A socket of the person that hears the café's orders. */
async function socketOf(staff: HttpClient) {
  const { ticket } = expectStatus(200, await staff.post<{ ticket: string }>('/dashboard/realtime/ticket'));
  const { origin } = app.visitor;
  const client = await connect({ origin, url: `${origin.replace('http', 'ws')}/realtime` }, { ticket });
  await client.next('welcome');
  client.say({ type: 'subscribe', channel: `store.${shops.cafe.id}.orders` });
  await client.next('subscribed');
  return client;
}

describe('the list of staff', () => {
  it('shows everyone to an owner, page by page', async () => {
    const all = await list(owner);
    expect(all.data.map(({ username }) => username)).toEqual(['owner', 'manager', 'barista', 'packer']);
    const first = await list(owner, '?limit=3');
    const second = await list(owner, `?limit=3&cursor=${first.next_cursor}`);
    expect([...first.data, ...second.data]).toEqual(all.data);
    expect(second.next_cursor).toBeNull();
  });

  it('shows a manager who works at their stores', async () => {
    const { data } = await list(await signIn(app.visitor, 'manager'));
    expect(data.map(({ username }) => username)).toEqual(['manager', 'barista']);
  });
});

describe('another role', () => {
  it('ends the sessions of before, and opens what it opens from the next one on', async () => {
    const barista = await signIn(app.visitor, 'barista');
    expect(await change('barista', { role: 'manager' })).toBe(200);
    expect((await barista.get(BOARD)).status).toBe(401);
    const promoted = await signIn(app.visitor, 'barista');
    expect((await promoted.get('/dashboard/staff.json')).status).toBe(200);
    expect(await change('barista', { role: 'staff' })).toBe(200);
  });

  it('is refused to a version that is not the newest, also of two at once', async () => {
    const { id, version, role } = await member('packer');
    const body = { version, role, store_ids: [shops.cafe.id] };
    const answers = await Promise.all([1, 2].map(() => owner.patch(`/dashboard/staff/${id}`, body)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'STAFF_CHANGED',
      version: version + 1,
    });
    expect(await change('packer', { store_ids: [shops.roastery.id] })).toBe(200);
  });

  it.each([
    ['without stores', () => ({ store_ids: [] }), 422],
    ['at another merchant’s store', () => ({ store_ids: [shops.other.id] }), 404],
    ['that does not exist', () => ({ role: 'admin' }), 422],
  ])('%s is refused', async (_, changes, status) => {
    expect(await change('barista', changes())).toBe(status);
  });
});

describe('other stores', () => {
  it('count at once', async () => {
    const packer = await signIn(app.visitor, 'packer');
    expect((await packer.get(BOARD)).status).toBe(200);
    expect(await change('packer', { store_ids: [shops.cafe.id] })).toBe(200);
    expect(await packer.get(BOARD)).toMatchObject({ status: 409, body: { code: 'STORE_NOT_CHOSEN' } });
    expect(await change('packer', { store_ids: [shops.roastery.id] })).toBe(200);
  });
});

describe('a person who is deactivated', () => {
  it('loses sessions and sockets, cannot sign in, and comes back with what they had', async () => {
    const barista = await signIn(app.visitor, 'barista');
    const socket = await socketOf(barista);
    const person = await member('barista');
    const answer = await owner.post(deactivation(person));
    expect(answer).toMatchObject({ status: 200, body: { deactivated_at: expect.any(String) } });
    expect(await socket.closed).toBe(4401);
    expect((await barista.get(BOARD)).status).toBe(401);
    expect((await app.visitor.post('/login', { login: 'barista', password: PASSWORD })).status).toBe(401);
    expect((await owner.post(deactivation(person))).body).toEqual(answer.body);
    expect((await owner.delete(deactivation(person))).body).toMatchObject({ deactivated_at: null });
    expect((await (await signIn(app.visitor, 'barista')).get(BOARD)).status).toBe(200);
  });

  it('loses sockets on nodes that were not told', async () => {
    const socket = await socketOf(await signIn(app.visitor, 'barista'));
    await app.admin`DELETE FROM staff_sessions WHERE staff_id = (SELECT id FROM staff WHERE username = 'barista')`;
    expect(await socket.closed).toBe(4401);
  });

  it('is not the last owner, whichever way', async () => {
    const { id, version } = await member('owner');
    const refused = { status: 409, body: { code: 'LAST_OWNER' } };
    expect(await owner.post(`/dashboard/staff/${id}/deactivation`)).toMatchObject(refused);
    const less = { version, role: 'manager', store_ids: [shops.cafe.id] };
    expect(await owner.patch(`/dashboard/staff/${id}`, less)).toMatchObject(refused);
  });

  it('is one of two owners who remove each other at once', async () => {
    expect(await change('manager', { role: 'owner', store_ids: [] })).toBe(200);
    const second = await signIn(app.visitor, 'manager');
    const [one, two] = [await member('owner'), await member('manager')];
    const answers = await Promise.all([owner.post(deactivation(two)), second.post(deactivation(one))]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    await app.admin`UPDATE staff SET deactivated_at = NULL`;
    owner = await signIn(app.visitor, 'owner');
    expect(await change('manager', { role: 'manager', store_ids: [shops.cafe.id] })).toBe(200);
  });
});

describe('the rights of staff', () => {
  it('are an owner’s to change, and only those of the own merchant', async () => {
    const manager = await signIn(app.visitor, 'manager');
    const stranger = await signIn(app.visitor, 'other-owner');
    const barista = await member('barista');
    const body = { version: barista.version, role: 'staff', store_ids: [shops.cafe.id] };
    for (const [staff, status] of [
      [manager, 403],
      [stranger, 404],
    ] as const) {
      expect((await staff.patch(`/dashboard/staff/${barista.id}`, body)).status).toBe(status);
      expect((await staff.post(deactivation(barista))).status).toBe(status);
      expect((await staff.delete(deactivation(barista))).status).toBe(status);
    }
    expect((await owner.post(deactivation({ ...barista, id: 'sf_nobody' }))).status).toBe(404);
  });
});

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
});

describe('the audit log', () => {
  interface Act {
    readonly id: string;
    readonly action: string;
    readonly store: { id: string } | null;
    readonly actor: { name: string };
    readonly before: unknown;
    readonly after: unknown;
  }
  const acts = async (staff: HttpClient, query = '') =>
    expectStatus(
      200,
      await staff.get<{ data: Act[]; next_cursor: string | null }>(`/dashboard/audit.json${query}`),
    );

  it('shows an owner who did what, with before and after, page by page', async () => {
    await change('barista', { role: 'manager' });
    await change('barista', { role: 'staff' });
    const [act] = (await acts(owner, '?action=staff.changed')).data;
    expect(act).toMatchObject({
      actor: { kind: 'staff', name: 'owner of A' },
      before: { role: 'manager', stores: [shops.cafe.id] },
      after: { role: 'staff', stores: [shops.cafe.id] },
    });
    const first = await acts(owner, '?limit=2');
    const second = await acts(owner, `?limit=2&cursor=${first.next_cursor}`);
    const four = await acts(owner, '?limit=4');
    expect([...first.data, ...second.data]).toEqual(four.data);
  });

  it('shows a manager what was done at their stores, and nothing else', async () => {
    const { data } = await acts(await signIn(app.visitor, 'manager'), '?limit=100');
    expect(data.length).toBeGreaterThan(0);
    expect(new Set(data.map(({ store }) => store?.id))).toEqual(new Set([shops.cafe.id]));
  });

  it('is closed to staff', async () => {
    expect((await (await signIn(app.visitor, 'barista')).get('/dashboard/audit.json')).status).toBe(403);
  });
});
