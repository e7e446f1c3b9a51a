import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '#core/security/audit.ts';
import { orderRefunded } from '#app/orders/order-events.ts';
import { orderByPublicId } from '#app/orders/order-queries.ts';
import { opaqueId } from '#core/values/ids.ts';
import { record } from '#core/events/record.ts';
import type { OrderStatus } from '#app/orders/order.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { until } from '../support/deliveries.ts';
import type { HttpClient } from '../support/http-client.ts';
import { startMailServer, type MailServer, type ReceivedMail } from '../support/mail-server.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, move } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const PUBLIC_URL = 'https://shop.example';
const FROM = 'mails@shop.example';

let app: TestApp;
let shops: TestMerchants;
let server: MailServer;
let manager: HttpClient;
beforeAll(async () => {
  server = await startMailServer();
  app = await testApp({ mail: { url: server.url, from: FROM }, publicUrl: PUBLIC_URL, rateLimits: true });
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
});
afterAll(async () => {
  await app.close();
  await server.close();
});

let customers = 0;

/** An order of a customer of its own, so that their mails can be told apart. */
async function order(changes: { email?: string; locale?: string; fulfilment?: 'pickup' | 'shipping' } = {}) {
  const { email = `customer-${++customers}@example.com`, locale, fulfilment = 'pickup' } = changes;
  const contact = { first_name: 'Robin', last_name: 'Vale', email, mobile: '+61400000001' };
  const checkout = checkoutOf(shops.cafe, fulfilment, { contact, ...(locale && { locale }) });
  const placed = expectStatus(201, await checkOut(app.visitor, shops.cafe, checkout));
  return { ...placed, email, version: 1 };
}

async function advance(placed: { public_id: string }, ...steps: OrderStatus[]): Promise<void> {
  let version = 1;
  for (const step of steps) {
    const moved = expectStatus(200, await move(manager, { ...placed, version }, step));
    version = moved.version;
  }
}

/** The mails to an address once so many have come and nothing is left to be delivered. */
async function mailsTo(address: string, count: number): Promise<ReceivedMail[]> {
  const mails = () => server.mails.filter(({ to }) => to.includes(address));
  await until(async () => mails().length >= count && (await allDelivered()), `${count} mails to ${address}`);
  return mails();
}

async function allDelivered(): Promise<boolean> {
  const open = await app.admin`SELECT FROM event_deliveries WHERE state <> 'done'`;
  return open.length === 0;
}

const subjectOf = ({ text }: ReceivedMail) => /^Subject: (.*)$/m.exec(text)?.[1];

describe('a customer', () => {
  it('is written to when an order is placed, accepted and ready, once each, and not of the steps between', async () => {
    const placed = await order();
    await advance(placed, 'accepted', 'in_progress', 'ready', 'completed');
    const mails = await mailsTo(placed.email, 3);
    expect(mails.map(subjectOf)).toEqual([
      `Alder cafe: we have your order ${placed.order_number}`,
      `Alder cafe: your order ${placed.order_number} is accepted`,
      `Alder cafe: your order ${placed.order_number} is ready`,
    ]);
    expect(mails[0]?.text).toContain(`${PUBLIC_URL}/o/${placed.public_id}`);
    expect(mails[0]?.text).toContain(`From: Alder cafe <${FROM}>`);
  });

  it('is told where a parcel is', async () => {
    const placed = await order({ fulfilment: 'shipping' });
    await advance(placed, 'accepted', 'packing', 'shipped');
    const mails = await mailsTo(placed.email, 3);
    expect(mails.map(subjectOf)[2]).toBe(`Alder cafe: your order ${placed.order_number} is on its way`);
    expect(mails[2]?.text).toContain('Tracking code: T1');
  });

  it('is told why an order was cancelled', async () => {
    const placed = await order();
    await advance(placed, 'cancelled');
    const mails = await mailsTo(placed.email, 2);
    expect(mails[1]?.text).toContain('Reason: Sold out');
  });

  it('is told what is paid back', async () => {
    const placed = await order();
    await app.database.tenant(shops.cafe.tenant).write(async (tx) => {
      const row = await orderByPublicId(tx, placed.public_id);
      const occasion = { storeId: shops.cafe.tenant.storeId, actor: SYSTEM, at: new Date() };
      record(tx, orderRefunded(row, 150, occasion));
    });
    const mails = await mailsTo(placed.email, 2);
    expect(mails[1]?.text).toContain('Refunded: $1.50');
  });

  it('reads in the language of the checkout', async () => {
    const placed = await order({ locale: 'de-DE' });
    const [mail] = await mailsTo(placed.email, 1);
    expect(mail?.text).toContain('Vielen Dank für Ihre Bestellung');
  });

  it('without an address is not written to', async () => {
    const contact = { first_name: 'Robin', last_name: 'Vale', mobile: '+61400000009' };
    expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { contact })));
    await until(allDelivered, 'nothing is left to be delivered');
  });
});

describe('a mail that was sent', () => {
  it('is not sent again when its delivery runs again', async () => {
    const placed = await order();
    await mailsTo(placed.email, 1);
    const [log] = await app.admin<{ event_id: string; mail: string; outcome: string }[]>`
      SELECT event_id, mail, outcome FROM mail_log ORDER BY at DESC LIMIT 1`;
    expect(log).toMatchObject({ mail: 'order_placed', outcome: 'sent' });
    await app.admin`
      UPDATE event_deliveries SET state = 'pending', next_attempt_at = now() WHERE event_id = ${log?.event_id ?? ''}`;
    expect(await mailsTo(placed.email, 1)).toHaveLength(1);
  });
});

describe('an address that refuses mails for good', () => {
  it('is given up, and staff are told without its name', async () => {
    const placed = await order({ email: 'nobody@refused.example' });
    await until(allDelivered, 'the mail was given up');
    const notices = await app.admin`SELECT title, body FROM notifications WHERE kind = 'mail_refused'`;
    expect(notices).toEqual([
      {
        title: `A mail about order ${placed.order_number} was refused`,
        body: expect.not.stringContaining('nobody'),
      },
    ]);
  });
});

/** Places an order whose first mail no attempt has got to its customer. */
async function orderNeverMailed(email: string): Promise<void> {
  const { public_id } = await order({ email });
  await until(async () => {
    await app.admin`
      UPDATE event_deliveries SET attempts = 7, next_attempt_at = now()
      WHERE state = 'pending' AND event_id IN (SELECT id FROM domain_events WHERE entity_id = ${public_id})`;
    const dead = await app.admin`
      UPDATE event_deliveries SET state = 'done'
      WHERE state = 'dead' AND event_id IN (SELECT id FROM domain_events WHERE entity_id = ${public_id})`;
    return dead.count > 0;
  }, 'the delivery is dead');
}

it('a mail that never goes out is told to staff, once for all of an hour', async () => {
  await orderNeverMailed('one@busy.example');
  await orderNeverMailed('two@busy.example');
  const notices = await app.admin`
    SELECT store_id::int, title FROM notifications WHERE kind = 'mails_failing'`;
  expect(notices).toEqual([{ store_id: shops.cafe.tenant.storeId, title: 'A mail could not be sent' }]);
});

const again = (client: HttpClient, publicId: string, mail: unknown) =>
  client.post(`/dashboard/orders/${publicId}/mails`, { mail });

describe('staff', () => {
  it('have a mail sent once more, as the order is now', async () => {
    const placed = await order();
    await advance(placed, 'accepted');
    await mailsTo(placed.email, 2);
    expect(await again(manager, placed.public_id, 'order_accepted')).toMatchObject({
      status: 202,
      body: { mail: 'order_accepted' },
    });
    const subjects = (await mailsTo(placed.email, 3)).map(subjectOf);
    expect(subjects[2]).toBe(subjects[1]);
    const audit =
      await app.admin`SELECT actor_kind, after FROM audit_log WHERE action = 'order.mail_requested'`;
    expect(audit).toEqual([{ actor_kind: 'staff', after: { mail: 'order_accepted' } }]);
  });

  it('have what was last paid back said once more', async () => {
    const placed = await order({ fulfilment: 'shipping' });
    for (const amount_cents of [150, 200]) {
      const body = { amount_cents, reason: 'Arrived cold' };
      const key = { 'idempotency-key': crypto.randomUUID() };
      expectStatus(201, await manager.post(`/dashboard/orders/${placed.public_id}/refunds`, body, key));
    }
    await mailsTo(placed.email, 3);
    expectStatus(202, await again(manager, placed.public_id, 'order_refunded'));
    expect((await mailsTo(placed.email, 4))[3]?.text).toContain('Refunded: $2.00');
  });

  it.each(['order_ready', 'order_cancelled', 'order_shipped', 'order_refunded'])(
    'cannot send a mail that is not true of the order: %s',
    async (mail) => {
      const placed = await order();
      expect(await again(manager, placed.public_id, mail)).toMatchObject({
        status: 409,
        body: { code: 'MAIL_NOT_DUE' },
      });
    },
  );

  it('cannot send what is no mail of an order', async () => {
    const placed = await order();
    for (const mail of ['stock_low', '', 7, null])
      expect((await again(manager, placed.public_id, mail)).status, String(mail)).toBe(422);
  });

  it('cannot write to who has no address', async () => {
    const contact = { first_name: 'Robin', last_name: 'Vale', mobile: '+61400000008' };
    const checkout = checkoutOf(shops.cafe, 'pickup', { contact });
    const { public_id } = expectStatus(201, await checkOut(app.visitor, shops.cafe, checkout));
    expect(await again(manager, public_id, 'order_placed')).toMatchObject({
      body: { code: 'NO_MAIL_ADDRESS' },
    });
  });

  it('of another store or merchant find no such order', async () => {
    const { public_id } = await order();
    const others = [await signIn(app.visitor, 'packer'), await signIn(app.visitor, 'other-owner')];
    for (const other of others)
      expect(await again(other, public_id, 'order_placed')).toMatchObject({
        status: 404,
        body: { code: 'ORDER_NOT_FOUND' },
      });
  });

  it('cannot flood a customer', async () => {
    const { public_id } = await order();
    for (let nth = 0; nth < 5; nth++) expectStatus(202, await again(manager, public_id, 'order_placed'));
    expect((await again(manager, public_id, 'order_placed')).status).toBe(429);
  });
});

describe('low stock', () => {
  it('is written to those who may change it at the store, in one mail', async () => {
    const { tenant, products } = shops.cafe;
    const variant = products.tee.variants[0];
    await app.database.tenant(tenant).write((tx) =>
      record(tx, {
        type: 'StockLow',
        entity: 'variant',
        entityId: variant?.id ?? '',
        entityVersion: 1,
        actor: 'system',
        occurredAt: new Date(),
        payload: { variant_id: variant?.id, quantity: 1, threshold: 5 },
        streams: [],
      }),
    );
    const [mail] = await mailsTo('owner@example.com', 1);
    expect(mail?.to).toEqual(['owner@example.com', 'manager@example.com']);
    expect(mail?.text).toContain('There is 1 piece left of Alder tee – S.');
  });

  it('of a variant that is gone is not written', async () => {
    const before = server.mails.length;
    await app.database.tenant(shops.cafe.tenant).write((tx) =>
      record(tx, {
        type: 'StockLow',
        entity: 'variant',
        entityId: 'gone',
        entityVersion: 1,
        actor: 'system',
        occurredAt: new Date(),
        payload: { variant_id: opaqueId('va', 999_999), quantity: 1, threshold: 5 },
        streams: [],
      }),
    );
    await until(allDelivered, 'it is done');
    expect(server.mails).toHaveLength(before);
  });
});

describe('whoever develops', () => {
  it('finds each mail with sample data, in a page that may fetch nothing', async () => {
    const list = await app.visitor.get('/dev/mails', { accept: 'text/html' });
    expect(list.text).toContain('/dev/mails/preview/order_shipped/de/html');
    const page = await app.visitor.get('/dev/mails/preview/order_shipped/de/html');
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'");
    expect(page.text).toContain('Unterwegs zu Ihnen');
    expect((await app.visitor.get('/dev/mails/preview/constructor/de/html')).status).toBe(422);
    expect((await app.visitor.get('/dev/mails/sent/none/text')).status).toBe(404);
  });
});
