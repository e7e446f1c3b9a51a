import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerExport, OrderSummary } from '#app/accounts/account-view.ts';
import type { Checkout } from '#app/checkout/checkout-schemas.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { door, newestLink, register } from '../support/customers.ts';
import type { Answer, HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, PASSWORD, type TestMerchants, type TestStore } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, move } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const ME = '/api/v1/customers/me';
/** A card whose payment waits for its owner. */
const NEEDS_A_STEP = '4000002500003155';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());

interface Account {
  readonly email: string;
  readonly client: HttpClient;
}

async function account(store: TestStore = shops.cafe): Promise<Account> {
  const email = `${randomUUID()}@example.com`;
  return { email, client: await register(app, store, { email }) };
}

const order = (client: HttpClient, store: TestStore, changes: Partial<Checkout> = {}) =>
  checkOut(client, store, checkoutOf(store, 'pickup', changes));

const ordersOf = async (client: HttpClient, query = '') =>
  expectStatus(
    200,
    await client.get<{ data: OrderSummary[]; next_cursor: string | null }>(`${ME}/orders${query}`),
  );

const ownerOf = async (publicId: string) => {
  const [row] = await app.admin<{ email: string | null }[]>`
    SELECT customers.email FROM orders JOIN customers ON customers.id = customer_id WHERE orders.public_id = ${publicId}`;
  return row?.email;
};

/** What any two answers have in common. */
function shapeOf({ status, text }: Answer<unknown>) {
  return { status, text: text.replaceAll(/"(public_id|tracking_url|order_number)":"[^"]*"/g, '"$1"') };
}

describe('an order of someone who is signed in', () => {
  it('is theirs, whatever contact they give', async () => {
    const { email, client } = await account();
    const contact = { first_name: 'Gift', email: 'somebody-else@example.com', mobile: '+61 400 000 777' };
    const placed = expectStatus(201, await order(client, shops.cafe, { contact }));
    expect(await ownerOf(placed.public_id)).toBe(email);
    expect((await ordersOf(client)).data).toMatchObject([{ public_id: placed.public_id, items: 1 }]);
    expect(await app.admin`SELECT FROM customers WHERE email = 'somebody-else@example.com'`).toHaveLength(0);
  });

  it('is a guest’s at another merchant’s store', async () => {
    const { email, client } = await account();
    const contact = { first_name: 'Robin', email: `elsewhere-${email}` };
    const placed = expectStatus(201, await order(client, shops.other, { contact }));
    expect(await ownerOf(placed.public_id)).toBe(`elsewhere-${email}`);
    expect((await ordersOf(client)).data).toEqual([]);
  });

  it('is not placed by another site’s page', async () => {
    const { client } = await account();
    expect(await order(client.with({ 'x-customer-token': '' }), shops.cafe)).toMatchObject({ status: 419 });
    expect(await order(client.with({ origin: 'https://evil.example' }), shops.cafe)).toMatchObject({
      status: 403,
    });
    expect((await ordersOf(client)).data).toEqual([]);
  });
});

const orderAndWish = (email: string, key?: string) =>
  checkOut(
    app.visitor,
    shops.cafe,
    checkoutOf(shops.cafe, 'pickup', {
      contact: { first_name: 'Guest', email },
      create_account: { password: PASSWORD },
    }),
    key,
  );

describe('an order of a guest', () => {
  it('asks for an account with it; the link of the mail opens it, and the order is in it', async () => {
    const email = `${randomUUID()}@example.com`;
    const placed = expectStatus(201, await orderAndWish(email));
    expect(await app.visitor.post(door('login', shops.cafe), { email, password: PASSWORD })).toMatchObject({
      status: 401,
    });
    const token = await newestLink(app, 'registration', shops.cafe);
    expectStatus(
      200,
      await app.visitor.post(door('register/confirmation', shops.cafe), { token, password: PASSWORD }),
    );
    expect(await ownerOf(placed.public_id)).toBe(email);
  });

  it('is answered alike with and without the wish, for known addresses and new ones, without a session', async () => {
    const { email, client } = await account();
    const before = await client.get(ME);
    const answers = [
      await orderAndWish(email),
      await orderAndWish(`${randomUUID()}@example.com`),
      await order(app.visitor, shops.cafe, { contact: { first_name: 'Guest', email } }),
    ];
    for (const answer of answers) {
      expect(shapeOf(answer)).toEqual(shapeOf(answers[0]!));
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(answers[0]?.status).toBe(201);
    expect((await client.get(ME)).text).toBe(before.text);
    expect(await app.visitor.post(door('login', shops.cafe), { email, password: PASSWORD })).toMatchObject({
      status: 200,
    });
  });

  it('wishes once, however often it is sent', async () => {
    const [email, key] = [`${randomUUID()}@example.com`, randomUUID()];
    const [first, again] = [await orderAndWish(email, key), await orderAndWish(email, key)];
    expect(again.text).toBe(first.text);
    expect(await app.admin`SELECT FROM customer_registrations WHERE email = ${email}`).toHaveLength(1);
  });

  it('needs an e-mail address for an account', async () => {
    const wish = {
      contact: { first_name: 'G', mobile: '0400 111 222' },
      create_account: { password: PASSWORD },
    };
    expect(await order(app.visitor, shops.cafe, wish)).toMatchObject({
      status: 422,
      body: { errors: { 'contact.email': expect.any(Array) } },
    });
  });

  it('does not join an account by its mobile number', async () => {
    const { client } = await account();
    expectStatus(200, await client.patch(ME, { mobile: '0400 999 111' }));
    expectStatus(
      201,
      await order(app.visitor, shops.cafe, { contact: { first_name: 'G', mobile: '0400 999 111' } }),
    );
    expect((await ordersOf(client)).data).toEqual([]);
  });
});

describe('one’s orders', () => {
  it('come from all stores of the merchant, newest first, page by page, and from nobody else', async () => {
    const [{ client }, other] = [await account(), await account()];
    const placed: string[] = [];
    for (const store of [shops.cafe, shops.roastery, shops.cafe])
      placed.unshift(expectStatus(201, await order(client, store)).public_id);
    expectStatus(201, await order(other.client, shops.cafe));
    const first = await ordersOf(client, '?limit=2');
    const second = await ordersOf(client, `?limit=2&cursor=${first.next_cursor}`);
    expect([...first.data, ...second.data].map(({ public_id }) => public_id)).toEqual(placed);
    expect(second.next_cursor).toBeNull();
    expect(first.data[1]?.store).toEqual({ slug: 'roastery', name: expect.any(String) });
    expect(await client.get(`${ME}/orders?cursor=garbage`)).toMatchObject({ status: 422 });
  });
});

describe('an export', () => {
  it('holds everything about the person, and nothing of anyone else', async () => {
    const [{ email, client }, other] = [await account(), await account()];
    expectStatus(201, await order(client, shops.cafe, { notes: 'Ring twice' }));
    expectStatus(201, await checkOut(client, shops.roastery, checkoutOf(shops.roastery, 'shipping')));
    const address = { country: 'AU', postcode: '3000', city: 'Melbourne', line1: '9 Own Street' };
    expectStatus(201, await client.post(`${ME}/addresses`, address));
    expectStatus(200, await client.put(`${ME}/cart?store=cafe`, { items: [], version: 0 }));
    expectStatus(202, await wishFor(client, 'wished@example.com'));
    const { public_id } = (await client.get<{ public_id: string }>(ME)).body;
    const owner = await signIn(app.visitor, 'owner', shops.cafe);
    const points = { delta: 5, reason: 'For the long wait' };
    expectStatus(201, await owner.post(`/dashboard/customers/${public_id}/points`, points));
    const data = expectStatus(200, await client.get<CustomerExport>(`${ME}/export`));
    expect(data).toMatchObject({
      customer: { email },
      addresses: [{ line1: '9 Own Street' }],
      orders: [
        { address: { line1: '2 Low Street' }, staff_notes: [] },
        { notes: 'Ring twice', lines: [{ quantity: 1, choices: [expect.any(String)] }], refunded_cents: 0 },
      ],
      points: [{ delta: 5, note: 'For the long wait' }],
      email_changes: [{ email: 'wished@example.com' }],
      carts: [{ store: 'cafe', items: [] }],
    });
    expect(data.sessions).toHaveLength(1);
    expect(JSON.stringify(data)).not.toContain(other.email);
    expect(JSON.stringify(data)).not.toMatch(/password|hash|fingerprint/);
  });
});

const wishFor = (client: HttpClient, email: string) =>
  client.post(`${ME}/email-changes?store=cafe`, { email, password: PASSWORD });

const leave = (client: HttpClient, password = PASSWORD) => client.delete<Json>(ME, { password });
const rowsWith = async (text: string) => {
  const tables = await app.admin<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
  const found = [];
  for (const { name } of tables) {
    const rows =
      await app.admin`SELECT FROM ${app.admin(name)} AS t WHERE to_jsonb(t)::text LIKE ${`%${text}%`}`;
    if (rows.length > 0) found.push(name);
  }
  return found.filter((name) => !/^(domain|stream)_events/.test(name));
};

describe('leaving', () => {
  it('asks for the password, and waits until nothing is under way', async () => {
    const { client } = await account();
    const placed = expectStatus(201, await order(client, shops.cafe));
    expect(await leave(client, 'wrong')).toMatchObject({ status: 422, body: { code: 'PASSWORD_WRONG' } });
    expect(await leave(client)).toMatchObject({ status: 409, body: { code: 'ORDERS_UNDER_WAY', orders: 1 } });
    const manager = await signIn(app.visitor, 'manager');
    expectStatus(200, await move(manager, { ...placed, version: 1 }, 'cancelled'));
    expectStatus(200, await leave(client));
    expect(await client.get(ME)).toMatchObject({ status: 401 });
  });

  it('waits for a payment that is under way, too', async () => {
    const { client } = await account();
    const payment = { method: 'test', source: NEEDS_A_STEP } as const;
    expectStatus(202, (await order(client, shops.cafe, { payment })) as Answer);
    expect(await leave(client)).toMatchObject({ status: 409, body: { code: 'ORDERS_UNDER_WAY' } });
  });

  it('leaves no trace of the person in any table, while the order stays, and the address is free again', async () => {
    const { email, client } = await account();
    const contact = { first_name: 'Traceable', last_name: 'Persona', email, mobile: '+61 455 123 987' };
    const placed = expectStatus(
      201,
      await checkOut(
        client,
        shops.cafe,
        checkoutOf(shops.cafe, 'shipping', {
          contact,
          notes: 'Traceable note',
          shipping_address: {
            country: 'AU',
            state: 'VIC',
            postcode: '3000',
            city: 'Traceable',
            line1: 'Traceable 1',
          },
        }),
      ),
    );
    const manager = await signIn(app.visitor, 'manager');
    let version = 1;
    for (const step of ['accepted', 'packing', 'shipped', 'delivered'] as const)
      ({ version } = expectStatus(200, await move(manager, { ...placed, version }, step)));
    await app.admin`INSERT INTO order_notes (merchant_id, store_id, order_id, body)
      SELECT merchant_id, store_id, id, 'Traceable called' FROM orders WHERE public_id = ${placed.public_id}`;
    expectStatus(202, await wishFor(client, 'traceable@example.org'));
    const { public_id } = (await client.get<{ public_id: string }>(ME)).body;
    const owner = await signIn(app.visitor, 'owner', shops.cafe);
    const why = { delta: 5, reason: 'Traceable complained' };
    expectStatus(201, await owner.post(`/dashboard/customers/${public_id}/points`, why));
    const given = { amount_cents: 100, reason: 'Traceable waited' };
    const refund = `/dashboard/orders/${placed.public_id}/refunds`;
    expectStatus(201, await owner.post(refund, given, { 'idempotency-key': randomUUID() }));
    const mistake = expectStatus(201, await order(client, shops.cafe));
    expectStatus(
      200,
      await move(manager, { ...mistake, version: 1 }, 'cancelled', { reason: 'Traceable rang' }),
    );
    expect(await rowsWith('Traceable')).toEqual(expect.arrayContaining(['orders', 'order_notes']));
    expectStatus(200, await leave(client));
    for (const text of [email, 'Traceable', 'traceable', 'Persona', '61455123987'])
      expect(await rowsWith(text)).toEqual([]);
    const view = await manager.get(`/dashboard/orders/${placed.public_id}.json`);
    expect(view).toMatchObject({
      status: 200,
      body: { status: 'delivered', customer: { name: '', email: null } },
    });
    expect(await app.visitor.get(`/api/v1/orders/${placed.public_id}`)).toMatchObject({ status: 200 });
    const rest = { amount_cents: 100, reason: 'Broken' };
    expectStatus(201, await owner.post(refund, rest, { 'idempotency-key': randomUUID() }));
    const late = { delta: 5, reason: 'Good will' };
    expect(await owner.post(`/dashboard/customers/${public_id}/points`, late)).toMatchObject({ status: 404 });
    await register(app, shops.cafe, { email });
  });
});
