import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoreSettings } from '#app/stores/settings-view.ts';
import type { PublicStore, Slots } from '#app/stores/store-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { Answer, HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const HOUR_MS = 3_600_000;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
let settings: StoreSettings;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager', shops.cafe);
});
afterAll(() => app.close());
beforeEach(async () => {
  settings = expectStatus(200, await manager.get<StoreSettings>('/dashboard/settings.json'));
});

type Told = Answer<StoreSettings & Json>;

const patch = (changes: Json, version = settings.version): Promise<Told> =>
  manager.patch('/dashboard/settings', { version, ...changes });
const changeTo = async (changes: Json) => expectStatus(200, await patch(changes));
const put = (path: string, body: Json): Promise<Told> =>
  manager.send(path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const remove = (path: string): Promise<Told> => manager.send(path, { method: 'DELETE' });
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

async function seen(slug = 'cafe'): Promise<PublicStore> {
  return (await app.visitor.get<PublicStore>(`/api/v1/stores/${slug}`)).body;
}

describe('settings of a store', () => {
  it('change what is sent, leave the rest, and show at the storefront at once', async () => {
    const after = await changeTo({ tagline: ' Coffee all day ', accent: '#AABBCC', preparation_minutes: 20 });
    expect({ ...after, version: 0 }).toEqual({
      ...settings,
      version: 0,
      tagline: 'Coffee all day',
      accent: '#aabbcc',
      preparation_minutes: 20,
    });
    await expect.poll(seen).toMatchObject({ tagline: 'Coffee all day', preparation_minutes: 20 });
  });

  it('are written into the audit with what was there before, and told as an event', async () => {
    await changeTo({ phone: '+61 3 5550 1234' });
    const [audit] =
      await app.admin`SELECT * FROM audit_log WHERE action = 'store.updated' ORDER BY id DESC LIMIT 1`;
    expect(audit).toMatchObject({
      before: { phone: null },
      after: { phone: '+61 3 5550 1234' },
      actor_kind: 'staff',
    });
    const [event] =
      await app.admin`SELECT * FROM domain_events WHERE type = 'StoreUpdated' ORDER BY id DESC LIMIT 1`;
    expect(event).toMatchObject({ payload: { changed: 'settings', store: { slug: 'cafe' } } });
  });

  it('of a version that is gone are refused, also of two at once', async () => {
    const answers = await Promise.all([patch({ name: 'One' }), patch({ name: 'Other' })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await patch({ name: 'Late' })).toMatchObject({
      status: 409,
      body: { code: 'STORE_CHANGED', version: settings.version + 1 },
    });
  });

  it.each([
    ['a time zone that is nowhere', { timezone: 'Mars/Olympus' }, 'timezone'],
    ['an offset for a time zone', { timezone: '+01:00' }, 'timezone'],
    ['a locale that nothing can be written for', { locale: 'de-1996-1996' }, 'locale'],
    ['neither pickup nor shipping', { pickup: false, shipping: false }, 'pickup'],
    ['red before amber', { age_red_minutes: 4, age_amber_minutes: 5 }, 'age_red_minutes'],
    [
      'hours that overlap',
      { opening_hours: [hours(1, '09:00', '17:00'), hours(1, '16:00', '20:00')] },
      'opening_hours',
    ],
    [
      'a day that is not',
      { special_days: [{ date: '2026-02-30', name: '', hours: [] }] },
      'special_days.0.date',
    ],
    ['a day twice', { special_days: [closed('2026-12-25'), closed('2026-12-25')] }, 'special_days.1.date'],
    ['a time that is not', { opening_hours: [hours(1, '25:00', '17:00')] }, 'opening_hours.0.opens'],
    ['another currency', { currency: 'USD' }, 'currency'],
  ])('with %s are refused', async (_, changes, field) => {
    const answer = await patch(changes);
    expect(answer).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    expect(answer.body['errors']).toHaveProperty([field]);
  });

  it('are closed to staff without the right, who may say that it is busy, and each merchant has its own', async () => {
    const barista = await signIn(app.visitor, 'barista', shops.cafe);
    expect(await barista.get('/dashboard/settings.json')).toMatchObject({ status: 403 });
    expect(await barista.patch('/dashboard/settings', { version: 1 })).toMatchObject({ status: 403 });
    expect(await barista.delete('/dashboard/settings/busy')).toMatchObject({ status: 200 });
    const stranger = await signIn(app.visitor, 'other-owner', shops.other);
    expect((await stranger.get<StoreSettings>('/dashboard/settings.json')).body.slug).toBe('other');
  });

  it('with another slug lead to the store by both, and no other store can have the old one', async () => {
    const owner = await signIn(app.visitor, 'owner', shops.roastery);
    const { version } = expectStatus(200, await owner.get<StoreSettings>('/dashboard/settings.json'));
    expectStatus(200, await owner.patch('/dashboard/settings', { version, slug: 'beans' }));
    expect(await seen('beans')).toMatchObject({ slug: 'beans' });
    await expect.poll(() => seen('roastery')).toMatchObject({ slug: 'beans' });
    for (const slug of ['roastery', 'beans', 'other'])
      expect(await patch({ slug })).toMatchObject({ status: 409, body: { code: 'SLUG_TAKEN' } });
    expectStatus(200, await owner.patch('/dashboard/settings', { version: version + 1, slug: 'roastery' }));
  });
});

describe('opening hours and special days', () => {
  it('are kept as they are written', async () => {
    const week = [
      hours(1, '09:00', '12:30'),
      hours(1, '14:00', '24:00'),
      hours(5, '18:00', '02:00'),
      hours(7, '00:00', '00:00'),
    ];
    const days = [
      closed('2030-12-25'),
      { date: '2030-12-31', name: 'Eve', hours: [{ opens: '10:00', closes: '01:00' }] },
    ];
    const after = await changeTo({ opening_hours: week, special_days: days });
    expect(after.opening_hours).toEqual([...week.slice(0, 3), hours(7, '00:00', '24:00')]);
    expect(after.special_days).toEqual(days);
    await expect.poll(seen).toMatchObject({ special_days: days });
    expect(await changeFromNow({ opening_hours: [], special_days: [] })).toMatchObject({ opening_hours: [] });
  });

  it('say when a closed store opens, and offer times of then only', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const around = [-1, 0, 1].map((days) =>
      closed(new Date(Date.now() + days * 24 * HOUR_MS).toISOString().slice(0, 10)),
    );
    await changeTo({
      opening_hours: EVERY_DAY.map((day) => hours(day, '09:00', '10:00')),
      special_days: around,
    });
    await expect.poll(seen).toMatchObject({ ordering: { status: 'closed', opens_at: expect.any(String) } });
    const { ordering, preparation_minutes } = await seen();
    const day = new Date(ordering.opens_at ?? '').toLocaleDateString('sv-SE', {
      timeZone: 'Australia/Melbourne',
    });
    const slots = await slotsOf(`date=${day}`);
    const minutesOpen = (at: string | null) =>
      (Date.parse(at ?? '') - Date.parse(ordering.opens_at ?? '')) / 60_000;
    expect(minutesOpen(slots.asap_at)).toBe(preparation_minutes);
    expect(slots.data.map(({ starts_at }) => minutesOpen(starts_at))).toEqual([30, 45]);
    expect((await slotsOf(`date=${today}`)).data).toEqual([]);
    await changeFromNow({ opening_hours: [], special_days: [] });
  });
});

describe('a pause', () => {
  it('is seen at the storefront, offers no times, and ends when somebody resumes', async () => {
    expectStatus(200, await put('/dashboard/settings/pause', {}));
    await expect.poll(seen).toMatchObject({ ordering: { status: 'paused', opens_at: null } });
    expect(await slotsOf('')).toMatchObject({ asap_at: null, data: [] });
    expect(expectStatus(200, await remove('/dashboard/settings/pause')).ordering.status).toBe('open');
    await expect.poll(seen).toMatchObject({ ordering: { status: 'open' } });
  });

  it('until a moment says when it ends, and no settings form is in its way', async () => {
    const until = inMs(HOUR_MS);
    const paused = expectStatus(200, await put('/dashboard/settings/pause', { until }));
    expect(paused).toMatchObject({
      version: settings.version,
      ordering: { status: 'paused', opens_at: until },
    });
    expect(await put('/dashboard/settings/pause', { until: inMs(-HOUR_MS) })).toMatchObject({ status: 422 });
    expectStatus(200, await remove('/dashboard/settings/pause'));
  });
});

describe('a busy store', () => {
  it('promises later, until it is calm', async () => {
    const before = await slotsOf('');
    expectStatus(200, await put('/dashboard/settings/busy', { minutes: 60, until: inMs(HOUR_MS) }));
    await expect.poll(seen).toMatchObject({ ordering: { busy_minutes: 60 } });
    const busy = await slotsOf('');
    const later = Date.parse(busy.asap_at ?? '') - Date.parse(before.asap_at ?? '');
    expect(later).toBeGreaterThanOrEqual(HOUR_MS);
    expect(expectStatus(200, await remove('/dashboard/settings/busy')).ordering.busy_minutes).toBe(0);
    expect(await put('/dashboard/settings/busy', { minutes: 10, until: inMs(48 * HOUR_MS) })).toMatchObject({
      status: 422,
    });
  });
});

it('a day that calendars do not have has no slots', async () => {
  expect(await app.visitor.get('/api/v1/stores/cafe/slots?date=2026-02-30')).toMatchObject({
    status: 422,
    body: { errors: { date: expect.any(Array) } },
  });
});

async function slotsOf(query: string): Promise<Slots> {
  return expectStatus(200, await app.visitor.get<Slots>(`/api/v1/stores/cafe/slots?${query}`));
}

/** From whatever version there is. */
async function changeFromNow(changes: Json): Promise<StoreSettings> {
  const { version } = (await manager.get<StoreSettings>('/dashboard/settings.json')).body;
  return expectStatus(200, await patch(changes, version));
}

function hours(weekday: number, opens: string, closes: string) {
  return { weekday, opens, closes };
}

function closed(date: string) {
  return { date, name: 'Holiday', hours: [] };
}

describe('another store of a merchant', () => {
  const NEW = {
    name: ' Alder Köln ',
    slug: 'alder-koeln',
    currency: 'EUR',
    country: 'DE',
    timezone: 'Europe/Berlin',
  };

  it('is opened by an owner, who finds it in the list, enters it and sets it up', async () => {
    const owner = await signIn(app.visitor, 'owner', shops.cafe);
    const answer = await owner.post('/dashboard/stores', { ...NEW, locale: 'de-DE' });
    const opened = expectStatus(201, answer);
    expect(opened).toEqual({ id: expect.stringMatching(/^st_/), slug: 'alder-koeln', name: 'Alder Köln' });
    expect((await owner.get('/dashboard/stores.json')).body['data']).toContainEqual(opened);
    expect(await owner.post('/dashboard/store', { store_id: opened['id'] })).toMatchObject({ status: 303 });
    const its = expectStatus(200, await owner.get<StoreSettings>('/dashboard/settings.json'));
    expect(its).toMatchObject({ version: 1, currency: 'EUR', country: 'DE', locale: 'de-DE', pickup: true });
    expect((await owner.get('/dashboard/taxes.json')).body).toMatchObject({ prices_include_tax: true });
    expect(await seen('alder-koeln')).toMatchObject({ name: 'Alder Köln', timezone: 'Europe/Berlin' });
  });

  it('adds tax to its prices where that is the custom', async () => {
    const owner = await signIn(app.visitor, 'owner', shops.cafe);
    const place = { currency: 'CAD', country: 'CA', timezone: 'America/Vancouver' };
    const opened = expectStatus(
      201,
      await owner.post('/dashboard/stores', { ...NEW, ...place, slug: 'alder-west' }),
    );
    await owner.post('/dashboard/store', { store_id: opened['id'] });
    expect((await owner.get('/dashboard/taxes.json')).body).toMatchObject({ prices_include_tax: false });
  });

  it('takes nobody’s address, and is not seen by staff of others', async () => {
    const owner = await signIn(app.visitor, 'owner', shops.cafe);
    const taken = await owner.post('/dashboard/stores', { ...NEW, slug: 'other' });
    expect(taken).toMatchObject({ status: 409, body: { code: 'SLUG_TAKEN' } });
    expect((await manager.get('/dashboard/stores.json')).body['data']).toEqual([
      { id: shops.cafe.id, slug: 'cafe', name: expect.any(String) },
    ]);
  });

  it.each([
    ['currency', 'XXQ'],
    ['country', 'UK'],
    ['timezone', 'Europe/Atlantis'],
    ['locale', 'de-1996-1996'],
  ])('is not opened with a %s that is none, %s', async (field, value) => {
    const owner = await signIn(app.visitor, 'owner', shops.cafe);
    const answer = await owner.post('/dashboard/stores', { ...NEW, slug: 'nowhere', [field]: value });
    expect(answer).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    expect(Object.keys(answer.body['errors'] as object)).toEqual([field]);
    expect(await app.visitor.get('/api/v1/stores/nowhere')).toMatchObject({ status: 404 });
  });
});
