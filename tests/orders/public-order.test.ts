import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strict } from '#core/http/validation.ts';
import { PublicOrderSchema, type PublicOrder } from '#app/orders/order-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line, move, orderAt } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
});
afterAll(() => app.close());

const ajv = new Ajv({ allErrors: true, strict: false });
formats.default(ajv);
const exactly = ajv.compile(strict(PublicOrderSchema) as object);

const track = (publicId: string) => app.visitor.get<PublicOrder>(`/api/v1/orders/${publicId}`);

const CONTACT = {
  first_name: 'Secretive',
  last_name: 'Customer',
  email: 'secretive@example.com',
  mobile: '+61 411 222 333',
};

describe('an order as its customer sees it', () => {
  it('has the shape of its schema and nothing more, in every status', async () => {
    for (const fulfilment of ['pickup', 'shipping'] as const) {
      for (const status of [
        'pending',
        'accepted',
        fulfilment === 'pickup' ? 'completed' : 'delivered',
        'cancelled',
      ] as const) {
        const { public_id } = await orderAt(status, {
          customer: app.visitor,
          staff: manager,
          store: shops.cafe,
          fulfilment,
        });
        const { body } = await track(public_id);
        expect(exactly(body), JSON.stringify(exactly.errors)).toBe(true);
        expect(body).toMatchObject({ public_id, status, fulfilment_type: fulfilment });
      }
    }
  });

  it('has a code to be told at handover, which staff see too, where it is picked up', async () => {
    const walk = { customer: app.visitor, staff: manager, store: shops.cafe };
    const [first, second] = [
      await orderAt('ready', { ...walk, fulfilment: 'pickup' }),
      await orderAt('ready', { ...walk, fulfilment: 'pickup' }),
    ];
    const { pickup_code: code } = (await track(first.public_id)).body;
    expect(code).toMatch(/^[A-Z0-9]{4}$/);
    expect(first.pickup_code).toBe(code);
    expect(second.pickup_code).not.toBe(code);
  });

  it('tells what was ordered, what it costs, where it is', async () => {
    const items = [
      line(shops.cafe.products.latte, { quantity: 2, choices: { Oat: 1, Shot: 2 } }),
      line(shops.cafe.products.tee, { variant: 'S' }),
    ];
    const placed = expectStatus(
      201,
      await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'shipping', { items })),
    );
    const { body } = await track(placed.public_id);
    expect(body).toMatchObject({
      order_number: placed.order_number,
      version: 1,
      promised_at: null,
      pickup_code: null,
      timeline: [{ status: 'pending', at: body.placed_at }],
      items: [
        {
          name: 'Alder latte',
          variant: '',
          customizations: [
            { group: 'Milk', name: 'Oat', quantity: 1 },
            { group: 'Extras', name: 'Shot', quantity: 2 },
          ],
          quantity: 2,
          total_cents: 2 * (450 + 60 + 160),
        },
        { name: 'Alder tee', variant: 'S', customizations: [], quantity: 1, total_cents: 3500 },
      ],
      totals: { items_cents: 4840, shipping_cents: 900, total_cents: 5740, currency: 'AUD' },
      shipping: { method: 'Alder standard', status: 'pending', tracking_code: null, tracking_url: null },
      store: { slug: 'cafe', name: 'Alder cafe', phone: null, address: '1 High Street, Melbourne VIC 3000' },
    });
  });

  it('tells nothing of who ordered it, of the store’s inside, and no number of the database', async () => {
    const checkout = checkoutOf(shops.cafe, 'shipping', { contact: CONTACT, notes: 'A secret note' });
    const { public_id } = expectStatus(201, await checkOut(app.visitor, shops.cafe, checkout));
    const accepted = await move(manager, { public_id, version: 1 }, 'accepted');
    expectStatus(200, accepted);
    const api = await track(public_id);
    const page = await app.visitor.get(`/o/${public_id}`);
    expect(page.status).toBe(200);
    for (const { text } of [api, page]) {
      expect(text).not.toMatch(
        /Secretive|Customer C|secretive@|411 ?222|Low Street|secret note|manager of A/,
      );
    }
    // Version, quantities, prices and totals: a number more would be one of the database's.
    const numbers = valuesIn(api.body).filter((value) => typeof value === 'number');
    expect(numbers.toSorted()).toEqual(
      [2, 1, 0, 3500, 3500, 0, 0, 0, 0, 0, 0, 3500, 900, 0, 0, 0, 4400].toSorted(),
    );
  });

  it('is told again only on request: nobody may keep it', async () => {
    const { public_id } = expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe)));
    for (const path of [`/o/${public_id}`, `/api/v1/orders/${public_id}`]) {
      expect((await app.visitor.get(path)).headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('a token', () => {
  it.each([
    'x',
    'AAAAAAAAAAAAAAAAAAAAAA',
    '%00',
    '..%2f..',
    'a'.repeat(300),
    "'%20OR%20true",
    '%F0%9F%98%80',
  ])('that no order has, like %s, is answered like any other', async (token) => {
    const [answer, known] = [await track(token), await track('BBBBBBBBBBBBBBBBBBBBBB')];
    expect(answer).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
    expect(withoutRequestId(answer.text)).toBe(withoutRequestId(known.text));
  });

  it('opens the events of its order and of no other', async () => {
    const [mine, others] = [
      expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe))),
      expectStatus(201, await checkOut(app.visitor, shops.other, checkoutOf(shops.other))),
    ];
    const cursor = (await track(others.public_id)).headers.get('stream-cursor') ?? '';
    const owner = await signIn(app.visitor, 'other-owner');
    expectStatus(200, await move(owner, { public_id: others.public_id, version: 1 }, 'accepted'));
    const events = (publicId: string) =>
      app.visitor.get(`/api/v1/orders/${publicId}/events?cursor=${cursor}`);
    expect((await events(others.public_id)).text).toContain('OrderStatusUpdated');
    expect((await events(mine.public_id)).text).not.toContain(others.public_id);
    expect((await events(mine.public_id)).text).not.toContain('accepted');
  });
});

function withoutRequestId(text: string): string {
  return text.replace(/"request_id":"[^"]*"/, '');
}

function valuesIn(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : [value];
}
