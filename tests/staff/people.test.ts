import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opaqueId } from '#core/values/ids.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { until } from '../support/deliveries.ts';
import { type HttpClient } from '../support/http-client.ts';
import { openMerchants, PASSWORD, type Person, type TestMerchants } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';
import { socketOf } from '../support/staff-socket.ts';

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

describe('a socket', () => {
  it.each([
    ['the role is narrowed', (): Promise<number> => change('barista', { role: 'staff' })],
    ['a store is taken away', (): Promise<number> => change('barista', { store_ids: [shops.roastery.id] })],
  ])('ends when %s', async (_, narrow) => {
    expect(await change('barista', { role: 'manager', store_ids: [shops.cafe.id, shops.roastery.id] })).toBe(
      200,
    );
    const socket = await socketOf(await signIn(app.visitor, 'barista', shops.cafe), shops.cafe);
    expect(await narrow()).toBe(200);
    expect(await socket.closed).toBe(4401);
    expect(await change('barista', { role: 'staff', store_ids: [shops.cafe.id] })).toBe(200);
  });

  it('loses the streams of a store that was taken away on a node that was not told', async () => {
    const socket = await socketOf(await signIn(app.visitor, 'barista'), shops.cafe);
    await app.admin`DELETE FROM memberships WHERE staff_id = (SELECT id FROM staff WHERE username = 'barista')`;
    expect(await socket.next('refused')).toMatchObject({ code: 'CHANNEL_NOT_FOUND' });
    socket.socket.terminate();
    expect(await change('barista', { store_ids: [shops.cafe.id] })).toBe(200);
  });

  it('hears the notifications of the stores that one works at, and of the merchant only as an owner', async () => {
    const ofMerchant = `merchant.${opaqueId('me', shops.cafe.tenant.merchantId)}.notifications`;
    const ofStores = [shops.cafe, shops.roastery, shops.other].map(({ id }) => `store.${id}.notifications`);
    const channels = [...ofStores, ofMerchant];
    const answers = async (staff: HttpClient) => {
      const socket = await socketOf(staff, shops.cafe);
      for (const channel of channels) socket.say({ type: 'subscribe', channel });
      const answerTo = (channel: string) =>
        socket.heard.find((frame) => 'channel' in frame && frame.channel === channel)?.type;
      await until(() => channels.every(answerTo), 'an answer for each channel');
      socket.socket.terminate();
      return channels.map(answerTo);
    };
    const [yes, no] = ['subscribed', 'refused'];
    expect(await answers(await signIn(app.visitor, 'barista'))).toEqual([yes, no, no, no]);
    expect(await answers(owner)).toEqual([yes, yes, no, yes]);
  });
});

describe('a person who is deactivated', () => {
  it('loses sessions and sockets, cannot sign in, and comes back with what they had', async () => {
    const barista = await signIn(app.visitor, 'barista');
    const socket = await socketOf(barista, shops.cafe);
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

  it('loses the keys they made, as an owner does who becomes something less', async () => {
    expect(await change('manager', { role: 'owner', store_ids: [] })).toBe(200);
    const second = await signIn(app.visitor, 'manager', shops.cafe);
    const key = async () => {
      const body = { name: 'Till', store_id: shops.cafe.id, scopes: ['orders.see'] };
      const { secret } = expectStatus(
        201,
        await second.post<{ secret: string }>('/dashboard/api-keys', body),
      );
      return app.visitor.with({ authorization: `Bearer ${secret}` });
    };
    const [one, another] = [await key(), await key()];
    expect((await one.get(BOARD)).status).toBe(200);
    expect(await change('manager', { role: 'manager', store_ids: [shops.cafe.id] })).toBe(200);
    for (const program of [one, another]) expect((await program.get(BOARD)).status).toBe(401);
    expect(
      await app.admin`SELECT before FROM audit_log WHERE action = 'api_key.revoked' AND actor_kind = 'staff'`,
    ).toEqual([{ before: { name: 'Till' } }, { before: { name: 'Till' } }]);
  });

  it('has their open invitations taken back, each with its line in the log', async () => {
    const invitation = { name: 'Kim', email: 'kim@example.com', role: 'staff', store_ids: [shops.cafe.id] };
    expectStatus(
      201,
      await (await signIn(app.visitor, 'manager')).post('/dashboard/staff-invitations', invitation),
    );
    expectStatus(200, await owner.post(deactivation(await member('manager'))));
    expectStatus(200, await owner.delete(deactivation(await member('manager'))));
    expect(await app.admin`SELECT FROM staff_invitations WHERE email = 'kim@example.com'`).toHaveLength(0);
    expect(await app.admin`SELECT before FROM audit_log WHERE action = 'invitation.revoked'`).toEqual([
      { before: { name: 'Kim', role: 'staff' } },
    ]);
  });

  it('loses sockets on nodes that were not told', async () => {
    const socket = await socketOf(await signIn(app.visitor, 'barista'), shops.cafe);
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
