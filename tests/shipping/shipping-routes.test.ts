import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ShippingPreview, ShippingSettings } from '#app/shipping/shipping-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { Answer, HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus, line } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
let barista: HttpClient;
let stranger: HttpClient;
let rules: ShippingSettings;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager', shops.cafe);
  barista = await signIn(app.visitor, 'barista', shops.cafe);
  stranger = await signIn(app.visitor, 'other-owner', shops.other);
});
afterAll(() => app.close());
beforeEach(async () => {
  rules = await read(manager);
});

type Told = Answer<ShippingSettings & Json>;

async function read(client: HttpClient): Promise<ShippingSettings> {
  return expectStatus(200, await client.get<ShippingSettings>('/dashboard/shipping.json'));
}

const put = (client: HttpClient, path: string, body: unknown): Promise<Told> =>
  client.send(path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const remove = (client: HttpClient, path: string): Promise<Told> => client.send(path, { method: 'DELETE' });

const zoneNamed = ({ zones }: ShippingSettings, name: string) => zones.find((zone) => zone.name === name);
const rateOf = (method: string, changes: Json = {}) => ({ method, base_cents: 700, ...changes });
const zoneBody = (name: string, changes: Json = {}) => ({
  version: rules.version,
  name,
  country: 'gb',
  states: [],
  postcodes: [{ from: 'sw1a', to: 'SW1Y' }, { prefix: 'bt 1' }],
  rates: [rateOf('Alder standard', { max_weight_grams: 500 }), rateOf('Alder standard', { base_cents: 900 })],
  ...changes,
});

const addZone = async (name: string, changes: Json = {}): Promise<ShippingSettings> =>
  expectStatus(
    200,
    await manager.post<ShippingSettings>('/dashboard/shipping/zones', zoneBody(name, changes)),
  );

function withoutId(row: Json): Json {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'id'));
}

async function preview(body: Json): Promise<ShippingPreview> {
  return expectStatus(200, await manager.post<ShippingPreview>('/dashboard/shipping/preview', body));
}

async function eventsOfStore(): Promise<number> {
  const [row] = await app.admin<{ events: number }[]>`
    SELECT count(*)::int AS events FROM domain_events WHERE type = 'StoreUpdated' AND store_id = ${shops.cafe.tenant.storeId}`;
  return row?.events ?? 0;
}

describe('a shipping zone', () => {
  it('is made with its postcodes and rates, and seen as it is compared', async () => {
    const zone = zoneNamed(await addZone('London'), 'London');
    expect(zone).toMatchObject({
      country: 'GB',
      postcodes: [{ from: 'SW1A', to: 'SW1Y' }, { prefix: 'BT1' }],
      rates: [{ method: 'Alder standard', min_weight_grams: 0, max_weight_grams: 500 }, { base_cents: 900 }],
    });
    expect(zone?.id).toMatch(/^sz_/);
  });

  it('is changed under its id, renamed too, and the others stay as they are', async () => {
    const before = await addZone('Kent');
    const { id } = zoneNamed(before, 'Kent') ?? { id: '' };
    const body = { ...zoneBody('Surrey', { postcodes: [] }), version: before.version };
    const after = expectStatus(200, await put(manager, `/dashboard/shipping/zones/${id}`, body));
    expect(zoneNamed(after, 'Surrey')).toMatchObject({ id, postcodes: [] });
    expect(after.zones.filter((zone) => zone.id !== id)).toEqual(
      before.zones.filter((zone) => zone.id !== id),
    );
  });

  it('is removed with its rates', async () => {
    const { version, ...before } = await addZone('Gone');
    const { id } = zoneNamed({ version, ...before }, 'Gone') ?? { id: '' };
    const after = expectStatus(
      200,
      await remove(manager, `/dashboard/shipping/zones/${id}?version=${version}`),
    );
    expect(zoneNamed(after, 'Gone')).toBeUndefined();
    const again = await remove(manager, `/dashboard/shipping/zones/${id}?version=${after.version}`);
    expect(again).toMatchObject({ status: 404, body: { code: 'SHIPPING_ZONE_NOT_FOUND' } });
  });

  it.each([
    ['a range that takes nothing', { postcodes: [{ from: 'SW2', to: 'SW1' }] }, 'postcodes'],
    ['ends of different forms', { postcodes: [{ from: 'SW1', to: 'SW1Y' }] }, 'postcodes'],
    ['a range and a prefix in one', { postcodes: [{ from: 'A1', to: 'A2', prefix: 'A' }] }, 'postcodes.0'],
    ['thirteen letters', { postcodes: [{ prefix: 'ABCDEFGHIJKLM' }] }, 'postcodes.0'],
    ['a country that is nowhere', { country: 'QQ', postcodes: [] }, 'country'],
    ['a state of another country', { country: 'US', states: ['NSW'], postcodes: [] }, 'states.0'],
    ['a method that is not there', { rates: [rateOf('Balloon')] }, 'rates.0.method'],
    [
      'bounds the wrong way round',
      { rates: [rateOf('Alder standard', { min_weight_grams: 9, max_weight_grams: 1 })] },
      'rates',
    ],
    ['a field that nobody knows', { colour: 'red' }, 'colour'],
  ])('is refused with %s', async (_, changes, field) => {
    const answer = await manager.post<Json>('/dashboard/shipping/zones', zoneBody('Wrong', changes));
    expect(answer).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    expect(Object.keys(answer.body['errors'] as object).some((name) => name.startsWith(field))).toBe(true);
    expect(await read(manager)).toEqual(rules);
  });

  it('is refused under a name that is taken', async () => {
    await addZone('Twin');
    rules = await read(manager);
    expect(await manager.post('/dashboard/shipping/zones', zoneBody('Twin'))).toMatchObject({
      status: 409,
      body: { code: 'SHIPPING_NAME_TAKEN' },
    });
  });

  it('is made once when two make theirs from the same version', async () => {
    const answers = await Promise.all(
      ['First', 'Second'].map((name) => manager.post('/dashboard/shipping/zones', zoneBody(name))),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'SHIPPING_CHANGED' });
  });
});

describe('a shipping method', () => {
  it('is made, changed under its id and removed', async () => {
    const body = { version: rules.version, label: 'Bike', type: 'flat', active: true, eta_text: 'Today' };
    const made = expectStatus(200, await manager.post<ShippingSettings>('/dashboard/shipping/methods', body));
    const id = made.methods.find(({ label }) => label === 'Bike')?.id ?? '';
    const path = `/dashboard/shipping/methods/${id}`;
    const changed = expectStatus(
      200,
      await put(manager, path, { ...body, version: made.version, label: 'Cargo bike', active: false }),
    );
    expect(changed.methods.find((method) => method.id === id)).toMatchObject({
      label: 'Cargo bike',
      active: false,
    });
    const removed = expectStatus(200, await remove(manager, `${path}?version=${changed.version}`));
    expect(removed.methods.some((method) => method.id === id)).toBe(false);
  });
});

describe('shipping rules', () => {
  it('are replaced as a whole: what is read can be sent back and changes nothing', async () => {
    const body = {
      version: rules.version,
      zones: rules.zones.map(withoutId),
      methods: rules.methods.map(withoutId),
    };
    const after = expectStatus(200, await put(manager, '/dashboard/shipping', body));
    expect({ ...after, version: 0 }).toEqual({ ...rules, version: 0 });
    expect(await put(manager, '/dashboard/shipping', body)).toMatchObject({
      status: 409,
      body: { code: 'SHIPPING_CHANGED', version: after.version },
    });
  });

  it('come with what is worth a look in them', async () => {
    const { warnings } = await addZone('Overlap', {
      country: 'AU',
      postcodes: [{ from: '3200', to: '3300' }],
    });
    expect(warnings).toContainEqual({ kind: 'zones_overlap', zones: ['Alder metro', 'Overlap'] });
  });

  it('are known to the storefront at once, with an event and an audit of each change', async () => {
    const countries = async () =>
      (await app.visitor.get<{ shipping_countries: string[] }>('/api/v1/stores/cafe')).body
        .shipping_countries;
    expect(await countries()).not.toContain('NZ');
    const events = await eventsOfStore();
    await addZone('Aotearoa', { country: 'NZ', postcodes: [] });
    await expect.poll(countries).toContain('NZ');
    expect(await eventsOfStore()).toBe(events + 1);
    const [audit] =
      await app.admin`SELECT * FROM audit_log WHERE action LIKE 'shipping%' ORDER BY id DESC LIMIT 1`;
    expect(audit).toMatchObject({ action: 'shipping_zone.saved', actor_kind: 'staff', before: null });
    expect(audit?.['after']).toMatchObject({ name: 'Aotearoa' });
  });

  it('are closed to staff without the right, and unknown to other merchants', async () => {
    const { id } = rules.zones[0] ?? { id: '' };
    expect(await barista.get('/dashboard/shipping.json')).toMatchObject({ status: 403 });
    expect(await barista.post('/dashboard/shipping/zones', zoneBody('Theirs'))).toMatchObject({
      status: 403,
    });
    const { version } = await read(stranger);
    const body = { ...zoneBody('Theirs'), rates: [], version };
    expect(await put(stranger, `/dashboard/shipping/zones/${id}`, body)).toMatchObject({
      status: 404,
      body: { code: 'SHIPPING_ZONE_NOT_FOUND' },
    });
    expect(await remove(stranger, `/dashboard/shipping/zones/${id}?version=${version}`)).toMatchObject({
      status: 404,
    });
  });
});

describe('the preview of an address', () => {
  it('says which zones match and why, which rate is chosen and which are beaten', async () => {
    await addZone('Victoria', {
      country: 'AU',
      states: ['VIC'],
      postcodes: [],
      rates: [
        rateOf('Alder standard', { base_cents: 1900 }),
        rateOf('Alder express', { max_weight_grams: 100 }),
      ],
    });
    const told = await preview({ country: 'au', state: 'vic', postcode: '3000', weight_grams: 450 });
    expect(told).toMatchObject({
      outcome: 'options',
      destination: { country: 'AU', state: 'VIC', postcode: '3000' },
      zones: expect.arrayContaining([
        expect.objectContaining({ name: 'Alder metro', matches: true, why: 'postcode' }),
        expect.objectContaining({ name: 'Alder island', matches: false, why: 'other_postcode' }),
        expect.objectContaining({ name: 'Victoria', matches: true, why: 'state' }),
      ]),
    });
    const verdicts = Object.fromEntries(
      told.methods.map(({ label, rates }) => [
        label,
        rates.map(({ zone, verdict }) => `${zone}: ${verdict}`),
      ]),
    );
    expect(verdicts).toMatchObject({
      'Alder standard': ['Alder metro: chosen', 'Victoria: dearer_than_other_zone'],
      'Alder express': ['Alder metro: chosen', 'Victoria: too_heavy'],
    });
  });

  it('weighs real products', async () => {
    const [item] = [line(shops.cafe.products.tee, { variant: 'M', quantity: 2 })];
    const items = [{ variant_id: item.variant_id, quantity: 2 }];
    const told = await preview({ country: 'AU', postcode: '3000', items });
    expect(told.shipment).toMatchObject({ total_cents: 7000, shippable: true });
    const voucher = [{ variant_id: line(shops.cafe.products.voucher).variant_id, quantity: 1 }];
    expect(await preview({ country: 'AU', postcode: '3000', items: voucher })).toMatchObject({
      outcome: 'not_needed',
    });
    const foreign = [{ variant_id: line(shops.other.products.tee).variant_id, quantity: 1 }];
    expect(
      await manager.post('/dashboard/shipping/preview', { country: 'AU', postcode: '3000', items: foreign }),
    ).toMatchObject({ status: 422, body: { code: 'ITEM_NOT_FOUND' } });
  });

  it('counts goods on sale at what customers pay for them', async () => {
    const items = [{ variant_id: line(shops.cafe.products.tee, { variant: 'S' }).variant_id, quantity: 1 }];
    await app.admin`UPDATE variants SET sale_cents = 2000 WHERE title = 'S' AND merchant_id = ${shops.cafe.tenant.merchantId}`;
    expect(await preview({ country: 'AU', postcode: '3000', items })).toMatchObject({
      shipment: { total_cents: 2000 },
    });
  });

  it('refuses a parcel whose price no amount could tell', async () => {
    const dear = rateOf('Alder standard', { per_kg_cents: 1_000_000_000 });
    await addZone('Far', { country: 'CL', postcodes: [], rates: [dear] });
    const parcel = { country: 'CL', postcode: '1010', weight_grams: 2000 };
    expect(await manager.post('/dashboard/shipping/preview', parcel)).toMatchObject({
      status: 422,
      body: { code: 'AMOUNT_TOO_LARGE' },
    });
  });

  it('says so when nobody delivers', async () => {
    expect(await preview({ country: 'FR', postcode: '75001' })).toMatchObject({ outcome: 'not_delivered' });
  });
});
