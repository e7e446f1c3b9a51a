import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus, move, orderAt } from '../support/orders.ts';
import { holdMerchant } from '../support/held-lock.ts';
import { signIn } from '../support/sign-in.ts';

const BOARD = '/dashboard/board.json';
const CALLS_PER_MINUTE_MAX = 600;

let app: TestApp;
let shops: TestMerchants;
let owner: HttpClient;
beforeAll(async () => {
  app = await testApp({ rateLimits: true });
  shops = await openMerchants(app);
  owner = await signIn(app.visitor, 'owner');
});
afterAll(() => app.close());

interface Key {
  readonly id: string;
  readonly secret: string;
}

const create = (staff: HttpClient, changes = {}) =>
  staff.post<Key>('/dashboard/api-keys', {
    name: 'Kitchen printer',
    store_id: shops.cafe.id,
    scopes: ['orders.see', 'orders.move'],
    ...changes,
  });
const newKey = async (changes = {}) => expectStatus(201, await create(owner, changes));
const holderOf = ({ secret }: Key) => app.visitor.with({ authorization: `Bearer ${secret}` });
const orderOfCafe = async () => {
  const staff = await signIn(app.visitor, 'manager');
  return orderAt('pending', { customer: app.visitor, staff, store: shops.cafe, fulfilment: 'pickup' });
};

describe('a key', () => {
  it('is shown once, kept as a hash, and listed without its secret', async () => {
    const key = await newKey();
    expect(key).toMatchObject({ secret: expect.stringMatching(/^sfk_[\w-]{43}$/), revoked_at: null });
    const list = await owner.get('/dashboard/api-keys.json');
    expect(list.text).toContain(key.id);
    expect(list.text).not.toContain(key.secret);
    const kept =
      await app.admin`SELECT FROM directory_api_keys WHERE position(${key.secret}::bytea IN token_hash) > 0`;
    expect(kept).toHaveLength(0);
  });

  it('opens what its scopes name at its store, without a token against forgery, and signs what it does', async () => {
    const order = await orderOfCafe();
    const key = await newKey();
    const program = holderOf(key);
    expect((await program.get(BOARD)).text).toContain(order.public_id);
    expect(await move(program, order, 'accepted')).toMatchObject({ status: 200 });
    const [act] = await app.admin`
      SELECT actor_kind, api_keys.name FROM audit_log JOIN api_keys ON api_keys.id = actor_id
      WHERE action LIKE 'order.%' AND actor_kind = 'api_key'`;
    expect(act).toEqual({ actor_kind: 'api_key', name: 'Kitchen printer' });
    const { data } = (
      await owner.get<{ data: { id: string; last_used_at: string | null }[] }>('/dashboard/api-keys.json')
    ).body;
    expect(data.find(({ id }) => id === key.id)?.last_used_at).not.toBeNull();
  });

  it('opens nothing beyond its scopes, and the other right for cancelling only where it has it', async () => {
    const reader = holderOf(await newKey({ scopes: ['orders.see'] }));
    const order = await orderOfCafe();
    expect(await move(reader, order, 'accepted')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    const mover = holderOf(await newKey());
    expect(await move(mover, order, 'cancelled')).toMatchObject({ status: 403 });
  });

  it('sees its store only', async () => {
    const order = await orderOfCafe();
    const elsewhere = holderOf(await newKey({ store_id: shops.roastery.id }));
    expect((await elsewhere.get(BOARD)).text).not.toContain(order.public_id);
    expect((await elsewhere.get(`/dashboard/orders/${order.public_id}.json`)).status).toBe(404);
  });

  it('opens nothing that takes a person, nor a page', async () => {
    const program = holderOf(await newKey());
    const refused = { status: 403, body: { code: 'FORBIDDEN' } };
    expect(await program.get('/dashboard/account/sessions.json')).toMatchObject(refused);
    expect(await program.get('/dashboard/api-keys.json')).toMatchObject(refused);
    expect(await program.post('/dashboard/realtime/ticket')).toMatchObject(refused);
    expect(await program.get('/dashboard')).toMatchObject(refused);
  });

  it('counts instead of the cookies that come with it', async () => {
    const reader = await newKey({ scopes: ['products.see'] });
    const both = owner.with({ authorization: `Bearer ${reader.secret}` });
    expect(await both.get(BOARD)).toMatchObject({ status: 403 });
    expect(await both.get('/dashboard/staff.json')).toMatchObject({ status: 403 });
    const nothing = owner.with({ authorization: 'Bearer sfk_nothing' });
    const answer = await nothing.get(BOARD);
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="StoreFlow", error="invalid_token"');
  });

  it('ends at once when it is revoked, and when its time is over', async () => {
    const key = await newKey();
    expect((await holderOf(key).get(BOARD)).status).toBe(200);
    expect((await owner.delete(`/dashboard/api-keys/${key.id}`)).status).toBe(204);
    expect((await holderOf(key).get(BOARD)).status).toBe(401);
    expect((await owner.delete(`/dashboard/api-keys/${key.id}`)).status).toBe(404);
    const dated = await newKey({ expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    expect((await holderOf(dated).get(BOARD)).status).toBe(200);
    await app.admin`UPDATE api_keys SET created_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' WHERE expires_at IS NOT NULL`;
    expect((await holderOf(dated).get(BOARD)).status).toBe(401);
  });

  it('may call so often in a minute, and is told how often still', async () => {
    // The cheapest call that counts: one that its scopes refuse.
    const program = holderOf(await newKey({ scopes: ['products.see'] }));
    const first = await program.get(BOARD);
    expect(first.status).toBe(403);
    expect(Number(first.headers.get('x-ratelimit-limit'))).toBe(CALLS_PER_MINUTE_MAX);
    expect(Number(first.headers.get('x-ratelimit-remaining'))).toBe(CALLS_PER_MINUTE_MAX - 1);
    const knock = () => program.get(BOARD);
    for (let left = CALLS_PER_MINUTE_MAX - 1; left > 0; left -= 50)
      await Promise.all(Array.from({ length: Math.min(50, left) }, knock));
    const answer = await program.get(BOARD);
    expect(answer).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await holderOf(await newKey()).get(BOARD)).status).toBe(200);
  });
});

describe('making a key', () => {
  it.each([
    ['no scope', { scopes: [] }],
    ['a scope that does not exist', { scopes: ['orders.steal'] }],
    ['a scope of more than a store', { scopes: ['merchant.manage'] }],
    ['an end that has passed', { expires_at: '2020-01-01T00:00:00Z' }],
    ['an unknown field', { admin: true }],
  ])('with %s is refused', async (_, changes) => {
    expect(await create(owner, changes)).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
  });

  it('is refused to a merchant who has a hundred, until one is revoked', async () => {
    const { tenant } = shops.cafe;
    await app.admin`
      INSERT INTO api_keys (merchant_id, store_id, name, created_by)
      SELECT ${tenant.merchantId}, ${tenant.storeId}, 'Till', (SELECT id FROM staff WHERE username = 'owner') FROM generate_series(1, 100)`;
    expect(await create(owner)).toMatchObject({ status: 409, body: { code: 'TOO_MANY_API_KEYS' } });
    await app.admin`UPDATE api_keys SET revoked_at = now() WHERE name = 'Till'`;
    expect((await create(owner)).status).toBe(201);
  });

  it('waits for whoever else makes one: of two at once, one could be too many', async () => {
    const { tenant } = shops.cafe;
    const other = await holdMerchant(app.admin, tenant.merchantId);
    const made = create(owner);
    await other.waiter();
    await app.admin`
      INSERT INTO api_keys (merchant_id, store_id, name, created_by)
      SELECT ${tenant.merchantId}, ${tenant.storeId}, 'Till', (SELECT id FROM staff WHERE username = 'owner') FROM generate_series(1, 100)`;
    await other.release();
    expect(await made).toMatchObject({ status: 409 });
    await app.admin`UPDATE api_keys SET revoked_at = now() WHERE name = 'Till'`;
  });

  it('is for owners, at their own stores', async () => {
    expect((await create(await signIn(app.visitor, 'manager'))).status).toBe(403);
    expect((await create(owner, { store_id: shops.other.id })).status).toBe(404);
    const key = await newKey();
    const stranger = await signIn(app.visitor, 'other-owner');
    expect((await stranger.delete(`/dashboard/api-keys/${key.id}`)).status).toBe(404);
    expect((await stranger.get('/dashboard/api-keys.json')).body).toEqual({ data: [], next_cursor: null });
  });
});
