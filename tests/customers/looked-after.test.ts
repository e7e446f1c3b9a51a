import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerDetail, CustomerInList } from '#app/accounts/account-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { register } from '../support/customers.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { CANARY, openMerchants, type TestMerchants, type TestStore } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, move } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const LIST = '/dashboard/customers.json';

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
});
afterAll(() => app.close());

interface Contact {
  readonly first_name: string;
  readonly last_name?: string;
  readonly email?: string;
  readonly mobile?: string;
}

/** A guest who ordered; answers their token. */
async function guest(contact: Contact, store: TestStore = shops.cafe): Promise<string> {
  const placed = await checkOut(app.visitor, store, checkoutOf(store, 'pickup', { contact }));
  const { public_id } = expectStatus(201, placed);
  const [row] = await app.admin<{ public_id: string }[]>`
    SELECT customers.public_id FROM orders JOIN customers ON customers.id = customer_id WHERE orders.public_id = ${public_id}`;
  return row?.public_id ?? '';
}

const someone = (first_name = 'Robin') => ({
  first_name,
  last_name: 'Vale',
  email: `${randomUUID()}@example.com`,
});

const tokenOf = async (email: string) => {
  const [row] = await app.admin<
    { public_id: string }[]
  >`SELECT public_id FROM customers WHERE email = ${email}`;
  return row?.public_id ?? '';
};

const list = async (query: string, staff = manager) =>
  expectStatus(
    200,
    await staff.get<{ data: CustomerInList[]; next_cursor: string | null }>(`${LIST}?${query}`),
  );

const read = (id: string, staff = manager) =>
  staff.get<CustomerDetail & Json>(`/dashboard/customers/${id}.json`);

const edit = (id: string, changes: object) => manager.patch(`/dashboard/customers/${id}`, changes);

const merge = (id: string, otherId: string) =>
  manager.post<{ public_id: string } & Json>(`/dashboard/customers/${id}/merges`, { other_id: otherId });

const auditOf = (action: string) =>
  app.admin`SELECT before, after, actor_kind FROM audit_log WHERE action = ${action} ORDER BY id DESC`;

describe('the list of customers', () => {
  it('tells people apart and gives no one’s address away', async () => {
    const id = await guest({
      ...someone('Quentin'),
      email: 'quentin@example.com',
      mobile: '+61 400 321 123',
    });
    const { data } = await list('search=quent');
    expect(data).toEqual([
      {
        public_id: id,
        name: 'Quentin V.',
        email: 'q•••@example.com',
        mobile: '••• 123',
        has_account: false,
        orders: 1,
        last_order_at: expect.any(String),
        loyalty_points: 0,
        created_at: expect.any(String),
      },
    ]);
  });

  it('finds by part of a name, an address or a number, with nothing in it understood as a wildcard', async () => {
    const id = await guest({ ...someone('Ottilie'), email: 'otti@search.example', mobile: '0455 666 777' });
    for (const search of ['ottilie v', 'OTTI@search', '666 777', '0455666'])
      expect(
        (await list(`search=${encodeURIComponent(search)}`)).data.map(({ public_id }) => public_id),
      ).toContain(id);
    expect((await list('search=%25%25')).data).toEqual([]);
    expect((await list('search=nobody-is-called-so')).data).toEqual([]);
  });

  it('goes on page by page, each customer once', async () => {
    for (let nth = 0; nth < 3; nth++) await guest(someone());
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Awaited<ReturnType<typeof list>> = await list(`limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.data.map(({ public_id }) => public_id));
      cursor = page.next_cursor;
    }
    const [row] = await app.admin<{ all: number }[]>`
      SELECT count(*)::int AS all FROM customers WHERE merchant_id = ${shops.cafe.tenant.merchantId}`;
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(row?.all ?? 0);
  });
});

describe('a customer', () => {
  it('is shown with the orders of the store where one works', async () => {
    const contact = someone('Two-Stores');
    const id = await guest(contact);
    await guest(contact, shops.roastery);
    const detail = expectStatus(200, await read(id));
    expect(detail).toMatchObject({ ...contact, has_account: false, version: 1, addresses: [] });
    expect(detail.orders.map(({ store }) => store.slug)).toEqual(['cafe']);
  });

  it('of another merchant is as good as none, and so is one that was never there', async () => {
    const foreign = await guest({ ...someone(CANARY) }, shops.other);
    const own = await guest(someone());
    for (const id of [foreign, 'A'.repeat(22)]) {
      const answers = [
        await read(id),
        await edit(id, { version: 1, first_name: 'Mine' }),
        await merge(id, own),
        await merge(own, id),
        await manager.get(`/dashboard/customers/${id}/export.json`),
        await manager.post(`/dashboard/customers/${id}/erasures`),
      ];
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 404, body: { code: 'CUSTOMER_NOT_FOUND' } });
        expect(answer.text).not.toContain(CANARY);
      }
    }
    expect((await list(`search=${CANARY}`)).data).toEqual([]);
  });

  it('is nothing for those who may not look after customers', async () => {
    const id = await guest(someone());
    const barista = await signIn(app.visitor, 'barista');
    const answers = [
      await barista.get(LIST),
      await read(id, barista),
      await barista.patch(`/dashboard/customers/${id}`, { version: 1 }),
      await barista.post(`/dashboard/customers/${id}/merges`, { other_id: id }),
      await barista.post(`/dashboard/customers/${id}/erasures`),
      await barista.get(`/dashboard/customers/${id}/export.json`),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('is edited by field, once per version, with a note for staff', async () => {
    const id = await guest(someone());
    const edits = [
      edit(id, { version: 1, last_name: 'Oak', mobile: '0400 000 999', note: ' Likes it hot ' }),
      edit(id, { version: 1, last_name: 'Elm' }),
    ];
    const answers = await Promise.all(edits);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'CUSTOMER_CHANGED' });
    const detail = expectStatus(200, await edit(id, { version: 2, note: 'Likes it hot' }));
    expect(detail).toMatchObject({ first_name: 'Robin', note: 'Likes it hot', version: 3 });
    const [entry] = await auditOf('customer.updated');
    expect(entry).toEqual({
      before: { version: 2 },
      after: { version: 3, changed: expect.any(Array) },
      actor_kind: 'staff',
    });
  });

  it('keeps the address that opens the account, and gets nobody else’s', async () => {
    const [taken, own] = [someone(), someone()];
    await guest(taken);
    await register(app, shops.cafe, own);
    expect(await edit(await tokenOf(own.email), { version: 1, email: 'new@example.com' })).toMatchObject({
      status: 409,
      body: { code: 'EMAIL_IS_PROVEN' },
    });
    const other = await guest(someone());
    expect(await edit(other, { version: 1, email: taken.email.toUpperCase() })).toMatchObject({
      status: 409,
      body: { code: 'EMAIL_TAKEN' },
    });
    expect(
      expectStatus(200, await edit(other, { version: 1, email: ' NEW-one@example.com '.trim() })),
    ).toMatchObject({
      email: 'new-one@example.com',
    });
  });

  it('is exported and erased on request, at all stores, which the audit log tells without a name', async () => {
    const contact = someone('Leaving');
    const id = await guest(contact);
    const owner = await signIn(app.visitor, 'owner', shops.roastery);
    const data = await owner.get<{ orders: unknown[] }>(`/dashboard/customers/${id}/export.json`);
    expect(data.body.orders).toHaveLength(1);
    expect(data.text).toContain(contact.email);
    expect(await owner.post(`/dashboard/customers/${id}/erasures`)).toMatchObject({
      status: 409,
      body: { code: 'ORDERS_UNDER_WAY' },
    });
    const [order] = await app.admin<{ public_id: string }[]>`
      SELECT public_id FROM orders WHERE email = ${contact.email}`;
    expectStatus(200, await move(manager, { public_id: order?.public_id ?? '', version: 1 }, 'cancelled'));
    expectStatus(200, await owner.post(`/dashboard/customers/${id}/erasures`));
    expect(await read(id)).toMatchObject({ status: 404 });
    expect(await app.admin`SELECT FROM orders WHERE email = ${contact.email}`).toHaveLength(0);
    for (const action of ['customer.exported', 'customer.erased'])
      expect((await auditOf(action))[0]).toEqual({ before: null, after: null, actor_kind: 'staff' });
  });
});

/** Gives points, with the ledger row that the balance must equal. */
async function givePoints(id: string, points: number): Promise<void> {
  await app.admin`
    WITH person AS (UPDATE customers SET loyalty_points = loyalty_points + ${points} WHERE public_id = ${id} RETURNING merchant_id, id)
    INSERT INTO loyalty_ledger (merchant_id, customer_id, delta, reason) SELECT merchant_id, id, ${points}, 'adjustment' FROM person`;
}

describe('merging two customers', () => {
  it('moves orders, points and addresses, and the balance is the sum of its ledger', async () => {
    const [kept, gone] = [await guest(someone()), await guest({ first_name: 'Rob', mobile: '0411 222 333' })];
    await givePoints(kept, 30);
    await givePoints(gone, 12);
    await app.admin`
      INSERT INTO customer_addresses (merchant_id, customer_id, country, postcode, city, line1)
      SELECT merchant_id, id, 'AU', '3000', 'Melbourne', '7 Moved Street' FROM customers WHERE public_id = ${gone}`;
    expect((await merge(kept, gone)).body).toEqual({ public_id: kept });
    const detail = expectStatus(200, await read(kept));
    expect(detail).toMatchObject({
      mobile: '0411222333',
      loyalty_points: 42,
      addresses: [{ line1: '7 Moved Street' }],
    });
    expect(detail.orders).toHaveLength(2);
    expect(await read(gone)).toMatchObject({ status: 404 });
    const wrong = await app.admin`
      SELECT public_id FROM customers LEFT JOIN loyalty_ledger ON customer_id = customers.id
      GROUP BY public_id, loyalty_points HAVING loyalty_points <> coalesce(sum(delta), 0)`;
    expect(wrong).toHaveLength(0);
    expect((await auditOf('customer.merged'))[0]).toEqual({
      before: { loyalty_points: 30 },
      after: { loyalty_points: 42, merged: gone },
      actor_kind: 'staff',
    });
    const [event] = await app.admin`SELECT payload FROM domain_events WHERE type = 'LoyaltyPointsUpdated'`;
    expect(event).toEqual({ payload: { points: 42 } });
  });

  it('keeps the account, whichever was named first; two accounts stay two', async () => {
    const [one, two] = [someone(), someone()];
    const robin = await register(app, shops.cafe, one);
    await register(app, shops.cafe, two);
    const plain = await guest(someone());
    expect((await merge(plain, await tokenOf(one.email))).body).toEqual({
      public_id: await tokenOf(one.email),
    });
    const { data } = expectStatus(200, await robin.get<{ data: unknown[] }>('/api/v1/customers/me/orders'));
    expect(data).toHaveLength(1);
    expect(await merge(await tokenOf(one.email), await tokenOf(two.email))).toMatchObject({
      status: 409,
      body: { code: 'BOTH_HAVE_ACCOUNTS' },
    });
    expect(await merge(plain, plain)).toMatchObject({ status: 422 });
  });

  it('is done once by two at once, in whatever order they name them', async () => {
    const [one, two] = [await guest(someone()), await guest(someone())];
    const statuses = (await Promise.all([merge(one, two), merge(two, one)])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 404]);
  });

  it('loses no order that is being placed meanwhile', async () => {
    const [one, two] = [someone(), someone()];
    const [kept, gone] = [await guest(one), await guest(two)];
    const contact = { first_name: 'Robin', email: two.email };
    const orders = Array.from({ length: 6 }, () =>
      checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { contact })),
    );
    const [merged, ...placed] = await Promise.all([merge(kept, gone), ...orders]);
    expect(merged?.status).toBe(200);
    for (const answer of placed) expect(answer.status).toBe(201);
    const [lost] = await app.admin`
      SELECT count(*)::int AS orders FROM orders JOIN customers ON customers.id = customer_id WHERE merged_into IS NOT NULL`;
    expect(lost).toEqual({ orders: 0 });
  });
});
