import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { CANARY, openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

/** More than a page of the history holds. */
const ORDERS = 53;
const CONTACT = { first_name: '=HYPERLINK("http://x")', last_name: 'Vale', email: 'robin@example.com' };

interface OrderPage {
  readonly data: readonly { readonly order_number: string; readonly placed_at: string }[];
  readonly next_cursor: string | null;
}

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
  for (let n = 0; n < ORDERS; n++)
    expectStatus(
      201,
      await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { contact: CONTACT })),
    );
  for (const store of [shops.roastery, shops.other]) {
    const contact = { first_name: CANARY, email: `${CANARY.toLowerCase()}@example.com` };
    expectStatus(201, await checkOut(app.visitor, store, checkoutOf(store, 'pickup', { contact })));
  }
});
afterAll(() => app.close());

async function rowsOf(client: HttpClient, path: string): Promise<Record<string, string>[]> {
  const answer = await client.get(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="\w+\.csv"$/);
  return parse(answer.text, { columns: true, bom: true });
}

describe('orders as a file', () => {
  it('are all of the store’s and no other’s, newest first, with plain amounts', async () => {
    const rows = await rowsOf(manager, '/dashboard/orders.csv');

    expect(rows.map((row) => row['Order'])).toEqual(
      Array.from({ length: ORDERS }, (_, n) => `#${1000 + ORDERS - n}`),
    );
    expect(rows[0]).toMatchObject({
      Status: 'pending',
      Items: '1 × Alder latte, Whole',
      Total: '4.50',
      Currency: 'AUD',
      'E-mail': 'robin@example.com',
    });
  });

  it('hold no formula that a customer wrote', async () => {
    const [row] = await rowsOf(manager, '/dashboard/orders.csv');

    expect(row?.['First name']).toBe(`'${CONTACT.first_name}`);
  });

  it('can be those of a status, or of a time', async () => {
    expect(await rowsOf(manager, '/dashboard/orders.csv?status=cancelled')).toEqual([]);
    const all = await rowsOf(manager, '/dashboard/orders.csv');
    const placed = all[10]?.['Placed'];
    const earlier = await rowsOf(manager, `/dashboard/orders.csv?placed_before=${placed}`);
    const later = await rowsOf(manager, `/dashboard/orders.csv?placed_from=${placed}`);
    expect([...later, ...earlier]).toEqual(all);
    expect(later.at(-1)?.['Placed']).toBe(placed);
  });

  it('say what was paid and what went back', async () => {
    const [row] = await rowsOf(manager, '/dashboard/orders.csv');
    expect(row).toMatchObject({ 'Payment status': 'due', Refunded: '0.00', 'Tax included': '0.00' });
  });
});

const list = async (query: string) =>
  expectStatus(200, await manager.get<OrderPage>(`/dashboard/orders.json${query}`));

describe('orders for a program', () => {
  it('are all of the store’s, page by page', async () => {
    const first = await list('?limit=50');
    const second = await list(`?limit=50&cursor=${first.next_cursor}`);
    const all = [...first.data, ...second.data];
    expect(all.map((order) => order.order_number)).toEqual(
      Array.from({ length: ORDERS }, (_, n) => `#${1000 + ORDERS - n}`),
    );
    expect(second.next_cursor).toBeNull();
  });

  it('are found by number, name, e-mail address, status and time', async () => {
    const [newest] = (await list('?limit=1')).data;
    const soon = new Date(Date.now() + 60_000).toISOString();
    const counts = [
      '?search=%231001',
      '?search=ROBIN@',
      '?search=vale',
      '?search=nobody@',
      '?status=accepted',
      `?placed_from=${soon}`,
      `?placed_from=${newest?.placed_at}&placed_before=${soon}&limit=1`,
    ].map(async (query) => (await list(query)).data.length);
    expect(await Promise.all(counts)).toEqual([1, 50, 50, 0, 0, 0, 1]);
  });

  it('are not listed behind what no list has given out', async () => {
    const answer = await manager.get('/dashboard/orders.json?cursor=somewhere');
    expect(answer).toMatchObject({ status: 422, body: { errors: { cursor: [expect.any(String)] } } });
  });
});

describe('customers as a file', () => {
  it('are the merchant’s, without formulas and without another merchant’s', async () => {
    const rows = await rowsOf(manager, '/dashboard/customers.csv');

    expect(rows.map((row) => row['E-mail'])).toEqual(['robin@example.com', 'zebrafish@example.com']);
    expect(rows[0]).toMatchObject({ 'First name': `'${CONTACT.first_name}`, Account: 'no' });
  });

  it('leave out who was erased', async () => {
    await app.admin`UPDATE customers SET erased_at = now(), email = NULL WHERE email = 'zebrafish@example.com'`;

    expect(await rowsOf(manager, '/dashboard/customers.csv')).toHaveLength(1);
  });
});

describe('a file of people', () => {
  it.each(['orders', 'customers', 'products'])(
    'is not for those who may only work at the board: %s',
    async (what) => {
      const barista = await signIn(app.visitor, 'barista');

      expect(await barista.get(`/dashboard/${what}.csv`)).toMatchObject({ status: 403 });
    },
  );

  it.each(['orders', 'customers'])('is in the audit log with who took it: %s', async (what) => {
    await manager.get(`/dashboard/${what}.csv`);
    const [entry] =
      await app.admin`SELECT actor_kind FROM audit_log WHERE action = ${`${what}.exported`} LIMIT 1`;

    expect(entry).toEqual({ actor_kind: 'staff' });
  });
});
