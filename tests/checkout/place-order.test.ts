import { secretHash } from '#core/security/secret-token.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line } from '../support/orders.ts';
import { storeOrdersChannel } from '#app/orders/order-channels.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());

/** Everything that was written with the order, read behind the walls. */
async function written(publicId: string) {
  const [order] = await app.admin`SELECT * FROM orders WHERE public_id = ${publicId}`;
  if (!order) throw new Error(`expected an order ${publicId}`);
  const { merchant_id: merchantId, store_id: storeId, id } = order as Record<string, string>;
  const ofOrder = app.admin`merchant_id = ${merchantId ?? ''} AND store_id = ${storeId ?? ''} AND order_id = ${id ?? ''}`;
  const [lines, choices, ledger, audit, events, stream, directory] = await Promise.all([
    app.admin`SELECT name, variant_title, quantity::int, unit_cents::int, total_cents::int FROM order_lines WHERE ${ofOrder} ORDER BY position`,
    app.admin`SELECT group_name, name, quantity::int, price_delta_cents::int FROM order_line_choices WHERE ${ofOrder} ORDER BY line_position, position`,
    app.admin`SELECT delta::int, reason FROM stock_ledger WHERE ${ofOrder} ORDER BY id`,
    app.admin`SELECT actor_kind, actor_id, action, request_id FROM audit_log WHERE entity = 'order' AND entity_id = ${id ?? ''}`,
    app.admin`SELECT type, entity, entity_version::int, actor FROM domain_events WHERE entity_id = ${publicId}`,
    app.admin`SELECT channel, type, payload FROM stream_events WHERE entity_id = ${publicId}`,
    app.admin`SELECT merchant_id, store_id, order_id FROM directory_orders WHERE token_hash = ${secretHash(publicId)}`,
  ]);
  return { order, lines, choices, ledger, audit, events, stream, directory };
}

describe('a checkout for pickup', () => {
  it('writes the order with its lines, choices, audit row, event and directory row', async () => {
    const { cafe } = shops;
    const items = [
      line(cafe.products.latte, { quantity: 2, choices: { Oat: 1, Shot: 2, Vanilla: 1, Rose: 1 } }),
    ];
    const answer = await checkOut(
      app.visitor,
      cafe,
      checkoutOf(cafe, 'pickup', { items, notes: '  no lid ' }),
    );
    const placed = expectStatus(201, answer);
    expect(placed).toEqual({
      order_number: expect.stringMatching(/^#\d{4}$/),
      public_id: expect.stringMatching(/^[\w-]{22}$/),
      status: 'pending',
      total_cents: 2 * (450 + 60 + 2 * 80 + 50 + 70),
      tracking_url: `/o/${placed.public_id}`,
    });

    const { order, ...rows } = await written(placed.public_id);
    expect(order).toMatchObject({
      fulfilment_type: 'pickup',
      notes: 'no lid',
      payment_method: 'pay_at_pickup',
    });
    expect(order).toMatchObject({
      first_name: 'Robin',
      email: 'robin@example.com',
      mobile: '+61400000001',
      line1: null,
    });
    expect(order['promised_at'].getTime() - order['placed_at'].getTime()).toBe(10 * 60_000);
    expect(rows).toMatchObject({
      lines: [{ name: 'Alder latte', variant_title: '', quantity: 2, unit_cents: 790, total_cents: 1580 }],
      choices: [
        { group_name: 'Milk', name: 'Oat', quantity: 1, price_delta_cents: 60 },
        { group_name: 'Syrups', name: 'Vanilla', quantity: 1, price_delta_cents: 50 },
        { group_name: 'Syrups', name: 'Rose', quantity: 1, price_delta_cents: 70 },
        { group_name: 'Extras', name: 'Shot', quantity: 2, price_delta_cents: 80 },
      ],
      ledger: [],
      audit: [{ actor_kind: 'customer', actor_id: order['customer_id'], action: 'order.placed' }],
      events: [
        {
          type: 'OrderCreated',
          entity: 'order',
          entity_version: 1,
          actor: `customer:${order['customer_id']}`,
        },
      ],
      stream: [{ channel: storeOrdersChannel(cafe.tenant.storeId), type: 'OrderCreated' }],
      directory: [{ merchant_id: order['merchant_id'], store_id: order['store_id'], order_id: order['id'] }],
    });
    expect(rows.stream[0]?.['payload'].order).toMatchObject({
      public_id: placed.public_id,
      customer_name: 'Robin V.',
    });
  });
});

describe('a checkout for shipping', () => {
  it('freezes address, method and price, and takes the stock with its ledger row', async () => {
    const { cafe } = shops;
    const items = [line(cafe.products.tee, { variant: 'L', quantity: 3 })];
    const checkout = checkoutOf(cafe, 'shipping', { items, shipping_method_id: cafe.methods.express });
    const placed = expectStatus(201, await checkOut(app.visitor, cafe, checkout));
    expect(placed.total_cents).toBe(3 * 3500 + 1500);

    const { order, lines, ledger } = await written(placed.public_id);
    expect(order).toMatchObject({
      fulfilment_type: 'shipping',
      shipping_status: 'pending',
      shipping_label: 'Alder express',
      items_cents: '10500',
      shipping_cents: '1500',
      total_cents: '12000',
      payment_method: 'manual',
      country: 'AU',
      state: 'VIC',
      postcode: '3000',
      city: 'Melbourne',
      line1: '2 Low Street',
      promised_at: null,
    });
    expect(lines).toMatchObject([{ variant_title: 'L', quantity: 3 }]);
    expect(ledger).toEqual([{ delta: -3, reason: 'order_placed' }]);
    expect(await levelOf('L')).toBe(7);
  });

  it('asks for no method when nothing in the cart needs shipping', async () => {
    const { cafe } = shops;
    const items = [line(cafe.products.voucher)];
    const checkout = checkoutOf(cafe, 'shipping', { items, shipping_method_id: null });
    const placed = expectStatus(201, await checkOut(app.visitor, cafe, checkout));
    const { order } = await written(placed.public_id);
    expect(order).toMatchObject({ shipping_cents: '0', shipping_label: 'No shipping needed' });
  });
});

describe('what an order costs', () => {
  it.each(['pickup', 'shipping'] as const)('is what the cart was priced at, for %s', async (fulfilment) => {
    const { cafe } = shops;
    const items = [
      line(cafe.products.latte, { quantity: 3, choices: { Oat: 1, 'Own cup': 1 } }),
      line(cafe.products.tee, { variant: 'S' }),
    ];
    const checkout = checkoutOf(cafe, fulfilment, { items });
    const { country, postcode } = checkout.shipping_address ?? {};
    const shipping = country && { country, postcode, method_id: checkout.shipping_method_id };
    const price = await app.visitor.post<{ totals: { total_cents: number } }>(
      `/api/v1/stores/${cafe.slug}/cart/price`,
      { items, fulfilment_type: fulfilment, ...(shipping && { shipping }) },
    );
    const { totals } = expectStatus(200, price);
    expect(totals).toMatchObject({
      items_cents: 3 * (450 + 60 - 30) + 3500,
      shipping_cents: shipping ? 900 : 0,
      discount_cents: 0,
      tax_cents: 0,
      currency: 'AUD',
    });
    const placed = expectStatus(201, await checkOut(app.visitor, cafe, checkout));
    expect(placed.total_cents).toBe(totals.total_cents);
  });
});

describe('order numbers', () => {
  it('count up per store without gaps, also when checkouts between them fail', async () => {
    const { roastery, other } = shops;
    const empty = { items: [line(roastery.products.tee, { quantity: 999 })] };
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, nth) =>
        checkOut(app.visitor, roastery, checkoutOf(roastery, 'pickup', nth % 3 === 0 ? empty : {})),
      ),
    );
    const numbers = answers.filter(({ status }) => status === 201).map(({ body }) => body.order_number);
    expect(numbers.toSorted()).toEqual(Array.from({ length: 20 }, (_, nth) => `#${1001 + nth}`));
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(10);

    const elsewhere = expectStatus(201, await checkOut(app.visitor, other, checkoutOf(other)));
    expect(elsewhere.order_number).toBe('#1001');
  });
});

async function levelOf(variant: string): Promise<number> {
  const [row] = await app.admin<{ quantity: number }[]>`
    SELECT quantity::int FROM stock_levels JOIN variants ON variants.merchant_id = stock_levels.merchant_id AND variants.id = variant_id
    WHERE store_id = ${shops.cafe.tenant.storeId} AND title = ${variant}`;
  return row?.quantity ?? -1;
}
