import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';
import type { Checkout } from '#app/checkout/checkout-schemas.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());
beforeEach(() => app.admin`TRUNCATE customers CASCADE`);

const customers = () =>
  app.admin`SELECT to_jsonb(customers) AS row FROM customers WHERE merchant_id = ${shops.cafe.tenant.merchantId} ORDER BY id`;

/** Orders as this person; answers the customer that the order belongs to, and what the caller was told. */
async function orderAs(contact: Checkout['contact']) {
  const answer = await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { contact }));
  const { public_id } = expectStatus(201, answer);
  const [row] = await app.admin<{ customer_id: string; first_name: string; email: string }[]>`
    SELECT customer_id, first_name, email FROM orders WHERE public_id = ${public_id}`;
  return { ...row, answer };
}

async function registered(email: string, mobile: string): Promise<string> {
  const [row] = await app.admin<{ id: string }[]>`
    INSERT INTO customers (merchant_id, public_id, first_name, last_name, email, mobile, password_hash, loyalty_points)
    VALUES (${shops.cafe.tenant.merchantId}, 'a-registered-customer-', 'Known', 'Person', ${email}, ${mobile}, 'hash', 40) RETURNING id`;
  return row?.id ?? '';
}

describe('a guest', () => {
  it('is made a customer without a password', async () => {
    const { customer_id } = await orderAs({ first_name: 'New', email: 'New@Example.com' });
    expect((await customers()).map(({ row }) => row)).toMatchObject([
      {
        id: Number(customer_id),
        first_name: 'New',
        email: 'new@example.com',
        mobile: null,
        password_hash: null,
      },
    ]);
  });

  it('is known again by the e-mail address, in whatever case', async () => {
    const first = await orderAs({ first_name: 'One', email: 'one@example.com' });
    const second = await orderAs({ first_name: 'One', email: ' ONE@example.COM'.trim() });
    expect(second.customer_id).toBe(first.customer_id);
  });

  it('is known again by the mobile number, however it is written', async () => {
    const first = await orderAs({ first_name: 'One', mobile: '+61 400 123 456' });
    const second = await orderAs({
      first_name: 'One',
      email: 'fresh@example.com',
      mobile: '+61 (400) 123-456',
    });
    expect(second.customer_id).toBe(first.customer_id);
  });

  it('is whom the e-mail address names, when the mobile number names another', async () => {
    const byEmail = await orderAs({ first_name: 'E', email: 'e@example.com' });
    const byMobile = await orderAs({ first_name: 'M', mobile: '0400123456' });
    const both = await orderAs({ first_name: 'B', email: 'e@example.com', mobile: '0400123456' });
    expect([byEmail.customer_id, byMobile.customer_id]).toContain(both.customer_id);
    expect(both.customer_id).toBe(byEmail.customer_id);
  });

  it('is one customer when twenty first orders come at once', async () => {
    const orders = await Promise.all(
      Array.from({ length: 20 }, () => orderAs({ first_name: 'One', email: 'at-once@example.com' })),
    );
    expect(new Set(orders.map(({ customer_id }) => customer_id)).size).toBe(1);
    expect(await customers()).toHaveLength(1);
  });

  it('is not known at another merchant', async () => {
    const contact = { first_name: 'One', email: 'one@example.com' };
    await orderAs(contact);
    expectStatus(
      201,
      await checkOut(app.visitor, shops.other, checkoutOf(shops.other, 'pickup', { contact })),
    );
    expect(await app.admin`SELECT FROM customers WHERE email = 'one@example.com'`).toHaveLength(2);
  });
});

describe('a registered customer, named by a guest,', () => {
  const guest = {
    first_name: 'Mallory',
    last_name: 'X',
    email: 'known@example.com',
    mobile: '+61 499 999 999',
  };

  it('is changed in nothing, while the order keeps what the guest wrote', async () => {
    const id = await registered('known@example.com', '+61400000009');
    const before = await customers();
    const order = await orderAs(guest);
    expect(order).toMatchObject({ customer_id: id, first_name: 'Mallory', email: 'known@example.com' });
    expect(await customers()).toEqual(before);
  });

  it('is not revealed: the answers are those that an unknown guest gets', async () => {
    const unknown = await orderAs({ ...guest, email: 'unknown@example.com', mobile: '+61 488 888 888' });
    await registered('known@example.com', '+61400000009');
    const known = await orderAs(guest);
    expect(shapeOf(known.answer.text)).toEqual(shapeOf(unknown.answer.text));
    expect(headersOf(known.answer.headers)).toEqual(headersOf(unknown.answer.headers));

    const view = async ({ answer }: typeof known) =>
      (await app.visitor.get(`/api/v1/orders/${answer.body.public_id}`)).text;
    expect(shapeOf(await view(known))).toEqual(shapeOf(await view(unknown)));
    expect(await view(known)).not.toMatch(/Known|Person|400000009|known@|hash/);
  });
});

/** The text without what differs between any two orders: tokens, numbers and times. */
function shapeOf(text: string): string {
  return text.replaceAll(
    /"(public_id|pickup_code|tracking_url|order_number|placed_at|promised_at|at)":"[^"]*"/g,
    '"$1"',
  );
}

function headersOf(headers: Headers): string[] {
  return [...headers.keys()].filter((name) => name !== 'date').toSorted();
}
