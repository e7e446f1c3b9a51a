import { afterAll, beforeAll, expect, it } from 'vitest';
import { productUpdated } from '#app/catalog/product-events.ts';
import { findOrCreateCustomer } from '#app/customers/find-or-create-customer.ts';
import type { PostOffice } from '#app/notifications/mail-listener.ts';
import { notifySoldOut } from '#app/notifications/notify-sold-out.ts';
import { advanceOrder } from '#app/orders/advance-order.ts';
import { insertOrder } from '#app/checkout/insert-order.ts';
import type { OrderStatus } from '#app/orders/order.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { startDeliveryWorker, type DeliveryWorker } from '#core/events/delivery-worker.ts';
import type { DeliveredEvent } from '#core/events/listener.ts';
import { record } from '#core/events/record.ts';
import { SYSTEM } from '#core/security/audit.ts';
import { newToken, opaqueId, type ProductId } from '#core/values/ids.ts';
import { listenersOf, reactions } from '#start/reactions.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { testLog, until } from '../support/deliveries.ts';
import { openShop, type TestShop } from '../support/shop.ts';

/** A post office that sends no mails. */
const CLOSED = { mailer: null } as PostOffice;

let test: TestDatabase;
let shop: TestShop;
let worker: DeliveryWorker;
const log = testLog();
const now = new Date();

beforeAll(async () => {
  test = await testDatabase({ listenersOf });
  shop = await openShop(test.database);
  worker = startDeliveryWorker({
    database: test.database,
    listeners: Object.values(reactions).flat(),
    outside: CLOSED,
    log,
  });
});

afterAll(async () => {
  await worker.stop();
  await test.close();
});

async function delivered(): Promise<void> {
  worker.wake();
  await until(async () => {
    const open = await test.admin`SELECT FROM event_deliveries WHERE state <> 'done'`;
    return open.length === 0;
  }, 'all deliveries are done');
  expect(log.lines).toEqual([]);
}

/** Of how many events a listener was told. */
async function toldOf(listener: string): Promise<number> {
  const rows = await test.admin`SELECT FROM event_deliveries WHERE listener = ${listener}`;
  return rows.length;
}

const NO_TOTALS = {
  itemsCents: 0,
  shippingCents: 0,
  shippingDiscountCents: 0,
  shippingTaxCents: 0,
  discountCents: 0,
  taxCents: 0,
  taxIncludedCents: 0,
  totalCents: 0,
};

async function placeOrder(tx: TenantTx<StoreTenant>): Promise<string> {
  const contact = { firstName: 'Ada', lastName: 'Byron', email: 'ada@example.com', mobile: null };
  const publicId = newToken();
  const nothing = {
    address: null,
    shippingMethod: null,
    notes: null,
    promisedAt: null,
    requestId: null,
    promotion: null,
    points: null,
    taxes: [],
    lines: [],
    slot: null,
  };
  await insertOrder(tx, {
    ...nothing,
    publicId,
    fulfilmentType: 'pickup',
    customerId: await findOrCreateCustomer(tx, contact),
    contact,
    locale: 'en-AU',
    paymentMethod: 'pay_at_pickup',
    currency: 'AUD',
    totals: NO_TOTALS,
    placedAt: now,
  });
  return publicId;
}

function advance(tx: TenantTx<StoreTenant>, publicId: string, version: number, status: OrderStatus) {
  const reason = status === 'cancelled' ? 'Ada Byron called' : null;
  const nothing = { trackingCode: null, trackingUrl: null, requestId: null };
  return advanceOrder(tx, { ...nothing, publicId, version, status, reason, actor: SYSTEM, now });
}

it('tells staff of a cancelled order by its number alone, and of no other step', async () => {
  await shop.db.write(async (tx) => {
    const publicId = await placeOrder(tx);
    await advance(tx, publicId, 1, 'accepted');
    await advance(tx, publicId, 2, 'cancelled');
  });
  await delivered();
  const store = opaqueId('st', shop.tenant.storeId);
  const notice = { kind: 'order_cancelled', title: 'Order #1001 was cancelled', body: 'By the system.' };
  expect(await test.admin`SELECT kind, title, body, store_id::int FROM notifications`).toEqual([
    { ...notice, store_id: shop.tenant.storeId },
  ]);
  const told = { type: 'NotificationCreated', entity: 'notification', entity_version: 1 };
  for (const channel of [
    `merchant.${opaqueId('me', shop.tenant.merchantId)}.notifications`,
    `store.${store}.notifications`,
  ])
    expect(
      await test.admin`SELECT type, entity, entity_version, payload FROM stream_events WHERE channel = ${channel}`,
    ).toEqual([{ ...told, payload: { ...notice, store } }]);
  expect(await toldOf('notify_cancelled')).toBe(1);
});

it('tells staff what has sold out, and nothing of other changes of a product', async () => {
  const { merchantId, storeId } = shop.tenant;
  const tee = { id: 7 as ProductId, slug: 'merino-tee', name: 'Merino Tee', active: true };
  const loaf = { id: 8 as ProductId, slug: 'loaf', name: 'Loaf', active: true };
  const occasion = { storeIds: [storeId], actor: SYSTEM, at: now };
  const changes = [
    productUpdated({ ...tee, version: 2 }, occasion),
    productUpdated({ ...tee, version: 3 }, { ...occasion, soldOut: ['M / Black', 'L / Black'] }),
    productUpdated({ ...loaf, version: 2 }, { ...occasion, soldOut: [''] }),
    productUpdated({ ...loaf, name: '🥖'.repeat(255), version: 3 }, { ...occasion, soldOut: [''] }),
  ];
  for (const change of changes) await shop.db.write((tx) => record(tx, change));
  await delivered();
  const told = await test.admin`
    SELECT title, body FROM notifications WHERE merchant_id = ${merchantId} AND kind = 'sold_out' ORDER BY title`;
  expect(told).toEqual([
    { title: 'Sold out: Loaf', body: '' },
    { title: 'Sold out: Merino Tee', body: 'M / Black, L / Black' },
    { title: `Sold out: ${'🥖'.repeat(94)}…`, body: '' },
  ]);
  expect(await toldOf('notify_sold_out')).toBe(3);
});

it('tells each thing once, though a listener runs twice', async () => {
  const product = { id: 9 as ProductId, slug: 'mug', name: 'x'.repeat(255), active: true, version: 2 };
  const change = productUpdated(product, { storeIds: [], soldOut: ['Blue'], actor: SYSTEM, at: now });
  await shop.db.write((tx) => record({ ...tx, listenersOf: () => [] }, change));
  const [row] = await test.admin<
    { id: string }[]
  >`SELECT id FROM domain_events WHERE entity_id = ${change.entityId}`;
  const { streams: _, ...fact } = change;
  const event: DeliveredEvent = { ...fact, id: row?.id ?? '', storeId: shop.tenant.storeId };
  const listener = test.database.listener(shop.tenant);
  await listener.write((tx) => notifySoldOut.handle(tx, event));
  await listener.write((tx) => notifySoldOut.handle(tx, event));
  const kept = await test.admin`SELECT length(title) FROM notifications WHERE event_id = ${event.id}`;
  expect(kept).toEqual([{ length: 200 }]);
  const announced = await test.admin`
    SELECT DISTINCT event_id FROM stream_events WHERE type = 'NotificationCreated' AND payload ->> 'title' LIKE 'Sold out: xxx%'`;
  expect(announced).toHaveLength(1);
});
