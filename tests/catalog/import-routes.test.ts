import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ProductImport } from '#app/imports/import-view.ts';
import type { ProductList } from '#app/catalog/product-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { signIn } from '../support/sign-in.ts';

const PATH = '/dashboard/product-imports';
const MUGS = 'Handle,Title,Variant Price\nmug,Mug,12.00\ncup,Cup,abc\n';

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
});
afterAll(() => app.close());

const send = <Body = ProductImport & Json>(
  client: HttpClient,
  body: BodyInit,
  query = '',
  type = 'text/csv',
) => client.send<Body>(`${PATH}${query}`, { method: 'POST', body, headers: { 'content-type': type } });

const read = (id: string, client = manager) => client.get<ProductImport & Json>(`${PATH}/${id}.json`);

const ended = (id: string) =>
  vi.waitFor(
    async () => {
      const { body } = await read(id);
      expect(body.state).not.toBe('running');
      return body;
    },
    { timeout: 15_000 },
  );

/** Begins an import that has to wait, because its process is said to be at work on it. */
async function leased(seconds: number): Promise<string> {
  const { id } = await ended((await send(manager, MUGS)).body.id);
  await app.admin`
    UPDATE product_imports SET state = 'running', finished_at = NULL, lease_until = now() + make_interval(secs => ${seconds})
    WHERE id = (SELECT max(id) FROM product_imports WHERE store_id = ${shops.cafe.tenant.storeId})`;
  return id;
}

const endAll = () =>
  app.admin`UPDATE product_imports SET state = 'done', lease_until = NULL, finished_at = now() WHERE state = 'running'`;

describe('a product file that is sent', () => {
  it('is imported after the answer, and tells what became of each line', async () => {
    const begun = await send(manager, MUGS);
    expect(begun).toMatchObject({ status: 202, body: { state: 'running', products: 0 } });

    expect(await ended(begun.body.id)).toMatchObject({
      state: 'done',
      dry_run: false,
      products: 2,
      created: 1,
      failed: 1,
      problems: [{ line: 3, reason: expect.stringContaining('Variant Price') }],
    });
    const { body } = await app.visitor.get<ProductList>('/api/v1/stores/cafe/products?q=mug');
    expect(body.data).toMatchObject([{ slug: 'mug', price_cents: 1200 }]);
  });

  it('may come in a form', async () => {
    const form = new FormData();
    form.append('file', new File(['Handle,Title,Variant Price\njug,Jug,30.00\n'], 'jugs.csv'));
    const begun = await manager.send<ProductImport & Json>(PATH, { method: 'POST', body: form });

    expect(begun).toMatchObject({ status: 202, body: { file_name: 'jugs.csv' } });
    expect(await ended(begun.body.id)).toMatchObject({ state: 'done', created: 1, failure: null });
  });

  it('changes nothing on a dry run', async () => {
    const { id } = (await send(manager, 'Handle,Title,Variant Price\nghost,Ghost,1.00\n', '?dry_run=true'))
      .body;

    expect(await ended(id)).toMatchObject({ state: 'done', dry_run: true, created: 1 });
    expect((await app.visitor.get('/api/v1/stores/cafe/products/ghost')).status).toBe(404);
  });

  it('gives its failed rows back, which can be put right and sent again', async () => {
    const { id } = await ended((await send(manager, MUGS)).body.id);
    const rows = await manager.get(`${PATH}/${id}/failed-rows.csv`);

    expect(rows.headers.get('content-type')).toContain('text/csv');
    expect(rows.text).toMatch(/^Import Line,Import Problem,Handle.*\n3,.*cup,Cup,abc\n$/);
    const again = await send(manager, rows.text.replace(',abc', ',3.50'));
    expect(await ended(again.body.id)).toMatchObject({ products: 1, created: 1, failed: 0 });
  });

  it.each([
    ['of other columns', 'name,price\na,1\n', 'text/csv', 422, 'CATALOGUE_FILE_INVALID'],
    ['that is no file', '{}', 'application/json', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['of another format', '<a/>', 'application/xml', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is refused and leaves nothing', async (_, body, type, status, code) => {
    const before = await manager.get<{ data: unknown[] }>(`${PATH}.json`);
    expect(await send(manager, body, '', type)).toMatchObject({ status, body: { code } });
    expect((await manager.get(`${PATH}.json`)).body).toEqual(before.body);
  });

  it('tells how it goes on the catalogue’s channel, and the audit log who sent it', async () => {
    const { id } = await ended((await send(manager, MUGS)).body.id);
    const told = await app.admin<{ payload: Json; channel: string }[]>`
      SELECT payload, channel FROM stream_events WHERE type = 'ProductImportProgressed' AND entity_id = ${id}`;
    const audited = await app.admin`
      SELECT action, actor_kind FROM audit_log WHERE entity = 'product_import' ORDER BY id DESC LIMIT 2`;

    expect(told.at(-1)).toMatchObject({
      channel: `store.${shops.cafe.id}.catalog`,
      payload: { import: id, state: 'done', products: 2, failed: 1 },
    });
    expect(audited).toEqual([
      { action: 'product_import.ended', actor_kind: 'staff' },
      { action: 'product_import.started', actor_kind: 'staff' },
    ]);
  });
});

describe('one import at a time', () => {
  it('runs in a store: of two that come at once, one is refused', async () => {
    const answers = await Promise.all([send(manager, MUGS), send(manager, MUGS), send(manager, MUGS)]);
    const begun = answers.filter(({ status }) => status === 202);
    for (const answer of answers.filter(({ status }) => status !== 202))
      expect(answer).toMatchObject({ status: 409, body: { code: 'IMPORT_RUNNING' } });

    expect(begun.length).toBeGreaterThan(0);
    for (const { body } of begun) await ended(body.id);
  });

  it('keeps others, and its failed rows, waiting for its end', async () => {
    const id = await leased(60);
    const refused = { status: 409, body: { code: 'IMPORT_RUNNING' } };

    expect(await read(id)).toMatchObject({ status: 200, body: { state: 'running' } });
    expect(await send(manager, MUGS)).toMatchObject(refused);
    expect(await manager.post(`${PATH}/${id}/runs`)).toMatchObject(refused);
    expect(await manager.get(`${PATH}/${id}/failed-rows.csv`)).toMatchObject(refused);
    await endAll();
  });

  it('is broken off when its process has died, and can be run again', async () => {
    const id = await leased(-1);

    expect(await read(id)).toMatchObject({ body: { state: 'broken_off', finished_at: expect.any(String) } });
    expect(await manager.post(`${PATH}/${id}/runs`)).toMatchObject({
      status: 202,
      body: { state: 'running' },
    });
    expect(await ended(id)).toMatchObject({ state: 'done', products: 2, updated: 1, failed: 1 });
  });
});

describe('an import', () => {
  it('is for those who may change products', async () => {
    const barista = await signIn(app.visitor, 'barista');
    const forbidden = { status: 403, body: { code: 'FORBIDDEN' } };

    expect(await send(barista, MUGS)).toMatchObject(forbidden);
    expect(await barista.get(`${PATH}.json`)).toMatchObject(forbidden);
  });

  it.each(['roastery', 'other'] as const)('is none to those who stand at %s', async (store) => {
    const { id } = await ended((await send(manager, MUGS)).body.id);
    const stranger = await signIn(app.visitor, store === 'other' ? 'other-owner' : 'owner', shops[store]);

    for (const [asked, path] of [
      ['get', `${id}.json`],
      ['get', `${id}/failed-rows.csv`],
      ['post', `${id}/runs`],
    ] as const)
      expect(await stranger[asked](`${PATH}/${path}`)).toMatchObject({
        status: 404,
        body: { code: 'IMPORT_NOT_FOUND' },
      });
    expect((await stranger.get<{ data: unknown[] }>(`${PATH}.json`)).body.data).toEqual([]);
  });

  it('is kept until twenty newer ones have come', async () => {
    const { id } = (await send(manager, MUGS, '?dry_run=true')).body;
    await ended(id);
    await app.admin`
      INSERT INTO product_imports (merchant_id, store_id, file, file_name, dry_run, state, finished_at)
      SELECT merchant_id, store_id, gen_random_uuid(), 'x', true, 'done', now() FROM product_imports, generate_series(1, 19)
      WHERE id = (SELECT max(id) FROM product_imports WHERE store_id = ${shops.cafe.tenant.storeId})`;
    const { id: newest } = (await send(manager, MUGS, '?dry_run=true')).body;

    await ended(newest);
    expect((await read(id)).status).toBe(404);
    expect((await manager.get<{ data: { id: string }[] }>(`${PATH}.json`)).body.data).toHaveLength(20);
  });

  it('that runs when the server ends is broken off', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `p-${n},P ${n},1.00`);
    const { id } = (await send(manager, ['Handle,Title,Variant Price', ...rows].join('\n'))).body;
    app = await app.restart();
    manager = await signIn(app.visitor, 'manager');

    const { body } = await read(id);
    expect(body.state).toBe('broken_off');
    expect(body.products).toBeLessThan(20_000);
  });
});
