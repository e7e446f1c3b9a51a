import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abreast } from '../support/abreast.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { register } from '../support/customers.ts';
import { mutantsOf, type Call, type Mutant } from '../support/hostile-values.ts';
import type { Answer, HttpClient, Json } from '../support/http-client.ts';
import { visitorInProcess } from '../support/in-process.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, line, orderAt } from '../support/orders.ts';
import { declaredRoutes } from '../support/routes.ts';
import { signIn } from '../support/sign-in.ts';
import { catalogueCalls } from './catalogue-calls.ts';
import { customerCalls } from './customer-calls.ts';

let app: TestApp;
let shops: TestMerchants;
let visitor: HttpClient;
let manager: HttpClient;
let robin: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  visitor = visitorInProcess(app);
  robin = await register({ ...app, visitor }, shops.cafe, { email: 'robin@example.com' });
  manager = await signIn(visitor, 'manager', shops.cafe);
  await app.admin`UPDATE stock_levels SET quantity = 1000000`;
});
afterAll(() => app.close());

const items = () => [
  line(shops.cafe.products.latte, { quantity: 2, choices: { Oat: 1 } }),
  line(shops.cafe.products.tee, { variant: 'L' }),
];
const destination = { country: 'AU', state: 'VIC', postcode: '3000' };

const shippingMethod = () => ({ label: 'Bike', type: 'flat', active: true, eta_text: 'Today' });
const shippingZone = () => ({
  name: 'Fens',
  country: 'GB',
  states: ['Cambridgeshire'],
  postcodes: [{ from: 'CB1', to: 'CB9' }, { prefix: 'PE' }],
  rates: [
    {
      method: 'Alder standard',
      min_weight_grams: 0,
      max_weight_grams: 500,
      min_total_cents: 0,
      max_total_cents: 5000,
      base_cents: 700,
      per_kg_cents: 100,
    },
  ],
});

function withBody(method: string, path: string, body: unknown): Promise<Answer<Json>> {
  return manager.send(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** The shipping rules' version in place of 0, so that what is taken is also written. */
async function asOfNow(body: unknown): Promise<unknown> {
  if ((body as Json | null)?.['version'] !== 0) return body;
  const { version } = (await manager.get('/dashboard/shipping.json')).body;
  return { ...(body as Json), version };
}

/** A call, with a body that is taken, for each route whose refusals must name the field. */
const CALLS: Readonly<Record<string, Call>> = {
  'POST /api/v1/stores/:store/checkout': {
    body: () => ({
      ...checkoutOf(shops.cafe, 'shipping'),
      // A new person each time: known ones are not written.
      contact: {
        first_name: 'Robin',
        last_name: 'Vale',
        email: `${randomUUID()}@example.com`,
        mobile: `+61 ${Math.random().toString().slice(2, 12)}`,
      },
      shipping_address: { ...destination, city: 'Melbourne', line1: '2 Low Street', line2: 'Flat 3' },
      pickup_time: new Date(Date.now() + 3_600_000).toISOString(),
      items: items(),
      expected_total_cents: 2 * (450 + 60) + 3500 + 900,
      notes: 'Ring twice',
      locale: 'en-AU',
      create_account: { password: 'a long password' },
      payment: { method: 'manual' },
    }),
    send: (body) => checkOut(visitor, shops.cafe, body),
    others: [201, 409],
  },
  'POST /api/v1/stores/:store/cart/price': {
    body: () => ({
      items: items(),
      fulfilment_type: 'shipping',
      shipping: { ...destination, method_id: shops.cafe.methods.standard },
    }),
    send: (body) => visitor.post('/api/v1/stores/cafe/cart/price', body),
    others: [200, 409],
  },
  'POST /api/v1/stores/:store/shipping/quote': {
    body: () => ({ ...destination, items: items() }),
    send: (body) => visitor.post('/api/v1/stores/cafe/shipping/quote', body),
    others: [200, 409],
  },
  'POST /login': {
    body: () => ({ login: `nobody-${randomUUID()}`, password: 'a wrong password' }),
    send: (body) => visitor.post('/login', body),
    others: [401, 429],
  },
  'POST /setup/:token': {
    body: () => ({
      merchant_name: 'M',
      store_name: 'S',
      slug: 's',
      currency: 'AUD',
      country: 'AU',
      timezone: 'Australia/Melbourne',
      owner_name: 'O',
      email: 'o@example.com',
      password: 'a long password',
    }),
    send: (body) => visitor.post('/setup/unknown', body),
    others: [404],
  },
  'POST /dashboard/store': {
    body: () => ({ store_id: shops.cafe.id }),
    send: (body) => manager.post('/dashboard/store', body),
    others: [303, 404],
  },
  'PUT /dashboard/shipping': {
    body: () => ({ version: 1, zones: [{ ...shippingZone(), rates: [] }], methods: [shippingMethod()] }),
    send: (body) => withBody('PUT', '/dashboard/shipping', body),
    others: [409],
  },
  'POST /dashboard/shipping/zones': {
    body: () => ({ version: 0, ...shippingZone() }),
    send: async (body) => manager.post('/dashboard/shipping/zones', await asOfNow(body)),
    others: [200, 409],
  },
  'PUT /dashboard/shipping/zones/:zone_id': {
    body: () => ({ version: 1, ...shippingZone() }),
    send: (body) => withBody('PUT', '/dashboard/shipping/zones/unknown', body),
    others: [404],
  },
  'POST /dashboard/shipping/methods': {
    body: () => ({ version: 0, ...shippingMethod() }),
    send: async (body) => manager.post('/dashboard/shipping/methods', await asOfNow(body)),
    others: [200, 409],
  },
  'PUT /dashboard/shipping/methods/:method_id': {
    body: () => ({ version: 1, ...shippingMethod() }),
    send: (body) => withBody('PUT', '/dashboard/shipping/methods/unknown', body),
    others: [404],
  },
  'POST /dashboard/shipping/preview': {
    body: () => ({
      ...destination,
      items: items().map(({ variant_id, quantity }) => ({ variant_id, quantity })),
      weight_grams: 100,
      volumetric_grams: 100,
      total_cents: 100,
    }),
    send: (body) => manager.post('/dashboard/shipping/preview', body),
    others: [200],
  },
  'PATCH /dashboard/orders/:public_id/status': {
    body: () => ({
      status: 'accepted',
      version: 7,
      tracking_code: 'T1',
      tracking_url: 'https://post.example/T1',
      reason: 'Because',
    }),
    send: (body) => manager.patch(`/dashboard/orders/${orderId}/status`, body),
    others: [409],
  },
  ...catalogueCalls({
    manager: () => manager,
    product: () => shops.cafe.products.gold,
    other: () => shops.cafe.products.voucher,
  }),
  ...customerCalls({ visitor: () => visitor, customer: () => robin, manager: () => manager }),
};

let orderId = '';
beforeAll(async () => {
  const walk = { customer: visitor, staff: manager, store: shops.cafe, fulfilment: 'pickup' } as const;
  orderId = (await orderAt('accepted', walk)).public_id;
});

describe('a body that is not what the route asks for', () => {
  it('is tried on routes that there are; hostile-fields.test.ts tries every other', () => {
    const taking = declaredRoutes(app)
      .filter(({ body }) => body)
      .map(({ method, path }) => `${method} ${path}`);
    expect(taking).toEqual(expect.arrayContaining(Object.keys(CALLS)));
  });

  describe.each(Object.entries(CALLS))('%s', (_, { body, send, others }) => {
    it('is taken when nothing is wrong with it', async () => {
      expect(others).toContain((await send(body())).status);
    });

    it('is refused by name and field, whatever stands where, without a trace and without a failure', async () => {
      const surprises: string[] = [];
      const ordersBefore = await orders();
      let taken = 0;
      await abreast(mutantsOf(body), async (mutant) => {
        const answer = await send(mutant.body);
        if (answer.status === 201 && 'order_number' in answer.body) taken += 1;
        const surprise = surpriseIn(mutant, answer, others);
        if (surprise) surprises.push(`${mutant.path} ← ${mutant.change}: ${surprise}`);
      });
      expect(surprises).toEqual([]);
      expect((await orders()) - ordersBefore).toBe(taken);
    });
  });
});

async function orders(): Promise<number> {
  const [row] = await app.admin<{ orders: number }[]>`SELECT count(*)::int AS orders FROM orders`;
  return row?.orders ?? 0;
}

/** What the answer should not have been, or null. */
function surpriseIn(
  { path }: Mutant,
  { status, body, text }: Answer<Json>,
  others: readonly number[],
): string | null {
  const isOfFields = status === 422 && body['code'] === 'VALIDATION_FAILED';
  if (others.includes(status) && !isOfFields) return null;
  if (![400, 413, 415, 422].includes(status)) return `${status} ${text.slice(0, 300)}`;
  if (!isOfFields) return null;
  const fields = Object.keys((body['errors'] as object | undefined) ?? {});
  const near =
    path === 'body' ||
    fields.some((field) => field === 'body' || field.startsWith(path) || path.startsWith(field));
  return near ? null : `errors name ${fields.join(', ') || 'no field'}`;
}
