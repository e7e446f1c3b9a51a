import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { invite } from '../support/invitations.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { signedIn, signIn } from '../support/sign-in.ts';

const NEW_PASSWORD = 'seventeen blue umbrellas';

let app: TestApp;
let shops: TestMerchants;
let owner: HttpClient;
let manager: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  [owner, manager] = [await signIn(app.visitor, 'owner'), await signIn(app.visitor, 'manager')];
});
afterAll(() => app.close());
beforeEach(() => app.admin`DELETE FROM staff_invitations WHERE accepted_at IS NULL`);

let nth = 0;
const invitation = (changes = {}) => ({
  name: 'Ash Reed',
  email: `ash-${++nth}@example.com`,
  role: 'staff',
  store_ids: [shops.cafe.id],
  ...changes,
});
const send = (staff: HttpClient, changes = {}) =>
  staff.post('/dashboard/staff-invitations', invitation(changes));
const accept = (token: string, changes = {}) =>
  app.visitor.post(`/invitations/${token}`, { password: NEW_PASSWORD, ...changes });
const asPage = { accept: 'text/html' };

describe('an invitation', () => {
  it('gives the person an account with its role and stores, and signs them in', async () => {
    const { token } = await invite(owner, app, shops.cafe, invitation({ name: ' Ash Reed ' }));
    const page = await app.visitor.get(`/invitations/${token}`, asPage);
    expect(page.status).toBe(200);
    for (const word of ['Ash Reed', `ash-${nth}@example.com`, 'Alder']) expect(page.text).toContain(word);
    const answer = await accept(token, { username: 'Ash' });
    expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({
      status: 303,
      to: '/dashboard',
    });
    expect(await signedIn(app.visitor, answer).get('/dashboard/board.json')).toMatchObject({ status: 200 });
    const again = await app.visitor.post('/login', { login: 'ash', password: NEW_PASSWORD });
    expect(again.status).toBe(303);
    const [staff] = await app.admin`SELECT name, role FROM staff WHERE username = 'ash'`;
    expect(staff).toEqual({ name: 'Ash Reed', role: 'staff' });
  });

  it('tells whoever sends the mail, and writes down who invited and who came', async () => {
    const { id, token } = await invite(owner, app, shops.cafe, invitation());
    const events = await app.admin`
      SELECT payload->'invitation_id' = to_jsonb(invitation.id) AS names FROM domain_events
      JOIN staff_invitations AS invitation USING (merchant_id)
      WHERE type = 'StaffInvited' AND entity_id = ${id} AND accepted_at IS NULL`;
    expect(events).toEqual([{ names: true }]);
    expect((await accept(token)).status).toBe(303);
    const acts = await app.admin<{ action: string; by: string; store_id: number | null }[]>`
      SELECT action, staff.name AS by, store_id FROM audit_log JOIN staff ON staff.id = actor_id
      WHERE action LIKE 'invitation.%' OR action = 'staff.created' ORDER BY audit_log.id DESC LIMIT 3`;
    expect(acts.toReversed()).toEqual([
      { action: 'invitation.created', by: 'owner of A', store_id: null },
      { action: 'staff.created', by: 'owner of A', store_id: null },
      { action: 'invitation.accepted', by: 'Ash Reed', store_id: null },
    ]);
  });

  it('opens once, also to two at once', async () => {
    const { token } = await invite(owner, app, shops.cafe, invitation());
    const answers = await Promise.all([accept(token), accept(token)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 404]);
    expect(await accept(token)).toMatchObject({ status: 404, body: { code: 'INVITATION_INVALID' } });
    expect((await app.visitor.get(`/invitations/${token}`, asPage)).status).toBe(404);
  });

  it('opens nothing once it has expired or was taken back, and another may be sent', async () => {
    const old = invitation();
    const expired = await invite(owner, app, shops.cafe, old);
    expect(await send(owner, old)).toMatchObject({ status: 409, body: { code: 'INVITED_ALREADY' } });
    await app.admin`UPDATE staff_invitations SET expires_at = now()`;
    expect(await accept(expired.token)).toMatchObject({ status: 404, body: { code: 'INVITATION_INVALID' } });
    const revoked = await invite(owner, app, shops.cafe, old);
    expect((await owner.delete(`/dashboard/staff-invitations/${revoked.id}`)).status).toBe(204);
    expect(await accept(revoked.token)).toMatchObject({ status: 404 });
    expect(await owner.delete(`/dashboard/staff-invitations/${revoked.id}`)).toMatchObject({ status: 404 });
    expect(await send(owner, old)).toMatchObject({ status: 201 });
  });

  it.each(['x', '1.1.x', `1.1.${'a'.repeat(43)}`, '%00'])('is not opened by %s', async (token) => {
    expect((await accept(token)).status).toBe(404);
  });

  it('is not used up by a name that is taken or a password that is too short', async () => {
    const { token } = await invite(owner, app, shops.cafe, invitation());
    expect(await accept(token, { username: 'packer' })).toMatchObject({
      status: 409,
      body: { code: 'LOGIN_TAKEN' },
    });
    expect(await accept(token, { password: 'short' })).toMatchObject({ status: 422 });
    expect((await accept(token)).status).toBe(303);
  });

  it('is not sent to who works here', async () => {
    expect(await send(owner, { email: 'Barista@Example.com' })).toMatchObject({
      status: 409,
      body: { code: 'LOGIN_TAKEN' },
    });
  });

  it.each([
    ['an owner with a list of stores', { role: 'owner' }, 422],
    ['a manager without one', { role: 'manager', store_ids: [] }, 422],
    ['another merchant’s store', { store_ids: () => shops.other.id }, 404],
    ['a store that does not exist', { store_ids: () => 'st_nothing' }, 404],
    ['a role that does not exist', { role: 'admin' }, 422],
    ['a field that does not exist', { admin: true }, 422],
  ])('to %s is refused', async (_, { store_ids: ids, ...changes }: Record<string, unknown>, status) => {
    const stores = typeof ids === 'function' ? { store_ids: [ids()] } : ids ? { store_ids: ids } : {};
    expect((await send(owner, { ...changes, ...stores })).status).toBe(status);
  });
});

describe('a manager', () => {
  it('invites staff of their own stores, and nobody else anywhere else', async () => {
    expect((await send(manager)).status).toBe(201);
    for (const role of ['manager', 'owner'])
      expect(await send(manager, { role })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    for (const store_ids of [[shops.roastery.id], [shops.cafe.id, shops.roastery.id]])
      expect(await send(manager, { store_ids })).toMatchObject({ status: 404 });
  });

  it('sees and takes back only what a manager may send', async () => {
    const theirs = await invite(owner, app, shops.cafe, invitation());
    const others = [
      await invite(owner, app, shops.cafe, invitation({ role: 'manager' })),
      await invite(owner, app, shops.cafe, invitation({ store_ids: [shops.cafe.id, shops.roastery.id] })),
    ];
    const list = await manager.get<{ data: { id: string }[] }>('/dashboard/staff-invitations.json');
    expect(list.body.data.map(({ id }) => id)).toEqual([theirs.id]);
    for (const { id } of others)
      expect((await manager.delete(`/dashboard/staff-invitations/${id}`)).status).toBe(404);
    expect((await manager.delete(`/dashboard/staff-invitations/${theirs.id}`)).status).toBe(204);
  });

  it('leaves no open invitation behind when their rights change', async () => {
    const { token } = await invite(manager, app, shops.cafe, invitation());
    const people = await owner.get<{ data: { id: string; username: string; version: number }[] }>(
      '/dashboard/staff.json',
    );
    const row = people.body.data.find(({ username }) => username === 'manager');
    const stores = { role: 'manager', store_ids: [shops.roastery.id], version: row?.version };
    expect((await owner.patch(`/dashboard/staff/${row?.id}`, stores)).status).toBe(200);
    expect((await accept(token)).status).toBe(404);
  });
});

it('is for managers and owners', async () => {
  const barista = await signIn(app.visitor, 'barista');
  expect(await send(barista)).toMatchObject({ status: 403 });
  expect(await barista.get('/dashboard/staff.json')).toMatchObject({ status: 403 });
});

it('another merchant has none of these', async () => {
  const { id } = await invite(owner, app, shops.cafe, invitation());
  const stranger = await signIn(app.visitor, 'other-owner');
  expect(await stranger.get('/dashboard/staff-invitations.json')).toMatchObject({ body: { data: [] } });
  expect((await stranger.delete(`/dashboard/staff-invitations/${id}`)).status).toBe(404);
});
