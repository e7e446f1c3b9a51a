import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaxRateView } from '#app/taxes/tax-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line } from '../support/orders.ts';
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

const GST = { country: 'au', name: 'GST', rate_millipercent: 10_000 };

async function rate(fields: Json): Promise<TaxRateView> {
  return expectStatus(201, await manager.post<TaxRateView>('/dashboard/taxes/rates', fields));
}

const send = (client: HttpClient, method: string, path: string, body?: Json) =>
  client.send<Json>(path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

const include = (included: boolean) => manager.patch('/dashboard/taxes', { prices_include_tax: included });

const shipping = () => ({
  country: 'AU',
  state: 'vic',
  postcode: '3000',
  method_id: shops.cafe.methods.standard,
});

const to = (state: string | null) => ({ shipping: { ...shipping(), state } });

const price = (more: Json = {}) =>
  app.visitor.post('/api/v1/stores/cafe/cart/price', {
    items: [line(shops.cafe.products.tee, { variant: 'M' })],
    ...more,
  });

async function rateFor(more: Json): Promise<number | undefined> {
  const { body } = await price(more);
  return (body as { items: { tax_rate_millipercent: number }[] }).items[0]?.tax_rate_millipercent;
}

describe('the tax rates of a store', () => {
  it('tax its carts, within prices or on top as the store says, and are told by line', async () => {
    const { id } = await rate(GST);
    expect((await price({ shipping: shipping() })).body).toMatchObject({
      items: [{ total_cents: 3500, tax_rate_millipercent: 10_000, tax_cents: 318 }],
      shipping: { price_cents: 900, tax_cents: 82 },
      taxes: [{ name: 'GST', rate_millipercent: 10_000, net_cents: 4000, tax_cents: 400 }],
      prices_include_tax: true,
      totals: { tax_cents: 0, tax_included_cents: 400, total_cents: 4400 },
    });
    expectStatus(200, await include(false));
    expect((await price({ shipping: shipping() })).body).toMatchObject({
      items: [{ total_cents: 3500, tax_cents: 350 }],
      prices_include_tax: false,
      totals: { tax_cents: 440, tax_included_cents: 0, total_cents: 4840 },
    });
    expectStatus(200, await include(true));
    expectStatus(204, await send(manager, 'DELETE', `/dashboard/taxes/rates/${id}`));
    expect((await price()).body).toMatchObject({ taxes: [], totals: { tax_included_cents: 0 } });
  });

  it('are those of the place where goods go, and of the store where they are picked up', async () => {
    const [whole, state] = [
      await rate({ ...GST, rate_millipercent: 5000 }),
      await rate({ ...GST, state: 'qld', rate_millipercent: 8000 }),
    ];
    expect(state).toMatchObject({ country: 'AU', state: 'QLD', tax_class: 'standard', taxes_shipping: true });
    expect(await rateFor({})).toBe(5000);
    expect(await rateFor({ shipping: { ...shipping(), state: ' Qld ' } })).toBe(8000);
    for (const { id } of [whole, state]) await send(manager, 'DELETE', `/dashboard/taxes/rates/${id}`);
  });

  it.each([
    ['country', { country: 'QQ' }],
    ['state', { state: 'Caliphornia' }],
  ])('are of no %s that is nowhere', async (field, changes) => {
    const answer = await manager.post('/dashboard/taxes/rates', { ...GST, ...changes });
    expect(answer).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    expect(Object.keys(answer.body['errors'] as object)).toEqual([field]);
  });

  it('of a state reach those who write its name, and nobody gets round them without one', async () => {
    const { id } = await rate({ ...GST, state: 'Queensland', rate_millipercent: 8000 });
    expect(await rateFor(to('  queensland '))).toBe(8000);
    expect(await rateFor(to('VIC'))).toBe(0);
    for (const state of [null, ' ', 'Qeensland', 'QL']) {
      const priced = await price(to(state));
      expect(priced).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
      expect(Object.keys(priced.body['errors'] as object)).toEqual(['shipping.state']);
      const checkout = checkoutOf(shops.cafe, 'shipping');
      const refused = await checkOut(app.visitor, shops.cafe, {
        ...checkout,
        shipping_address: { ...(checkout['shipping_address'] as object), state },
      });
      expect(refused).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
      expect(Object.keys(refused.body['errors'] as object)).toEqual(['shipping_address.state']);
    }
    expectStatus(204, await send(manager, 'DELETE', `/dashboard/taxes/rates/${id}`));
    expect((await price(to(null))).status).toBe(200);
  });

  it('are frozen in the order, by line and as its receipt lists them', async () => {
    const { id } = await rate(GST);
    const placed = expectStatus(
      201,
      await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'shipping')),
    );
    await send(manager, 'PUT', `/dashboard/taxes/rates/${id}`, { ...GST, rate_millipercent: 20_000 });
    expect((await app.visitor.get(`/api/v1/orders/${placed.public_id}`)).body).toMatchObject({
      items: [{ total_cents: 3500, tax_cents: 318 }],
      taxes: [{ name: 'GST', rate_millipercent: 10_000, net_cents: 4000, tax_cents: 400 }],
      totals: { tax_cents: 0, tax_included_cents: 400, total_cents: 4400 },
    });
    await send(manager, 'DELETE', `/dashboard/taxes/rates/${id}`);
  });

  it('exist once for a place, class and name', async () => {
    const { id } = await rate(GST);
    expect(await manager.post('/dashboard/taxes/rates', GST)).toMatchObject({
      status: 409,
      body: { code: 'TAX_RATE_TAKEN' },
    });
    const reduced = await rate({ ...GST, tax_class: 'reduced' });
    expect(await send(manager, 'PUT', `/dashboard/taxes/rates/${reduced.id}`, GST)).toMatchObject({
      status: 409,
    });
    expect((await manager.get('/dashboard/taxes.json')).body).toMatchObject({
      prices_include_tax: true,
      rates: [{ tax_class: 'reduced' }, { id, tax_class: 'standard' }],
    });
    for (const each of [id, reduced.id]) await send(manager, 'DELETE', `/dashboard/taxes/rates/${each}`);
  });

  it.each([
    ['a negative rate', { rate_millipercent: -1 }],
    ['more than the whole', { rate_millipercent: 100_001 }],
    ['half a thousandth', { rate_millipercent: 0.5 }],
    ['a blank name', { name: ' ' }],
    ['a country of three letters', { country: 'AUS' }],
    ['a class that no product can have', { tax_class: 'Reduced!' }],
  ])('cannot be %s', async (_, changes) => {
    expect(await manager.post('/dashboard/taxes/rates', { ...GST, ...changes })).toMatchObject({
      status: 422,
    });
  });

  it('tell storefronts that the store changed, and leave an audit row each', async () => {
    const { id } = await rate({ ...GST, country: 'NZ' });
    await send(manager, 'DELETE', `/dashboard/taxes/rates/${id}`);
    const audit = await app.admin`
      SELECT action FROM audit_log WHERE entity = 'tax_rate' AND coalesce(after, before) ->> 'country' = 'NZ' ORDER BY id`;
    expect(audit).toEqual([{ action: 'tax_rate.created' }, { action: 'tax_rate.removed' }]);
    const [event] = await app.admin`
      SELECT payload FROM stream_events WHERE type = 'StoreUpdated' ORDER BY seq DESC LIMIT 1`;
    expect(event?.['payload']).toMatchObject({ changed: 'taxes', store: { slug: 'cafe' } });
  });

  it('are for those who manage the store, and only of their own', async () => {
    const { id } = await rate(GST);
    const barista = await signIn(app.visitor, 'barista');
    expect(await barista.get('/dashboard/taxes.json')).toMatchObject({ status: 403 });
    const strangers = [
      await signIn(app.visitor, 'other-owner'),
      await signIn(app.visitor, 'owner', shops.roastery),
    ];
    for (const stranger of strangers) {
      for (const answer of [
        await send(stranger, 'PUT', `/dashboard/taxes/rates/${id}`, GST),
        await send(stranger, 'DELETE', `/dashboard/taxes/rates/${id}`),
      ])
        expect(answer).toMatchObject({ status: 404, body: { code: 'TAX_RATE_NOT_FOUND' } });
    }
    await send(manager, 'DELETE', `/dashboard/taxes/rates/${id}`);
  });
});
