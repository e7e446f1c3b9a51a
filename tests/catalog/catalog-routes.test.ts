import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CategorySchema, ProductListSchema, ProductSchema, type Product } from '#app/catalog/product-view.ts';
import { cents } from '#core/values/money.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { openShop, type TestShop } from '../support/shop.ts';

let app: TestApp;
let shop: TestShop;
let stranger: TestShop;

beforeAll(async () => {
  app = await testApp();
  shop = await openShop(app.database);
  stranger = await openShop(app.database);
  const category = { slug: 'coffee', name: 'Coffee' };
  for (const slug of ['flat-white', 'long-black', 'mocha']) {
    await stock(
      shop.db,
      draft(slug, { category, options: ['Size'], variants: [variant({ optionValues: ['Large'] })] }),
    );
  }
  await stock(stranger.db, draft('secret'));
});
afterAll(() => app.close());

function get<Body = Record<string, unknown>>(path: string) {
  return app.visitor.get<Body>(`/api/v1/stores/${shop.slug}${path}`);
}

describe('the catalogue’s API', () => {
  it('lists products in the published shape, page by page', async () => {
    const first = await get<{ data: Product[]; next_cursor: string }>('/products?limit=2');
    const second = await get<{ data: Product[] }>(`/products?limit=2&cursor=${first.body.next_cursor}`);

    expect(Value.Errors(ProductListSchema, first.body)).toEqual([]);
    expect([first, second].flatMap(({ body }) => body.data.map(({ slug }) => slug))).toEqual([
      'flat-white',
      'long-black',
      'mocha',
    ]);
  });

  it('tells one product in the published shape', async () => {
    const { body } = await get('/products/mocha');

    expect(Value.Errors(ProductSchema, body)).toEqual([]);
    expect(body).toMatchObject({ slug: 'mocha', currency: 'AUD', category: { slug: 'coffee' } });
  });

  it('lists categories as every list', async () => {
    const { body } = await get<{ data: unknown[] }>('/categories');

    expect(body).toEqual({ data: [{ slug: 'coffee', name: 'Coffee', parent: null }], next_cursor: null });
    expect(Value.Check(CategorySchema, body.data[0])).toBe(true);
  });

  it('searches and filters', async () => {
    expect((await get<{ data: Product[] }>('/products?q=moc')).body.data).toHaveLength(1);
    expect((await get<{ data: Product[] }>('/products?category=coffee')).body.data).toHaveLength(3);
    expect((await get<{ data: Product[] }>('/products?category=tea')).body.data).toEqual([]);
  });

  it('shows a change to the next who looks', async () => {
    await get('/products/mocha');
    await stock(shop.db, draft('mocha', { variants: [variant({ priceCents: cents(999) })] }));

    await expect.poll(async () => (await get('/products/mocha')).body['price_cents']).toBe(999);
  });

  it('answers for another merchant’s product as for none', async () => {
    const foreign = await get('/products/secret');
    const unknown = await get('/products/nothing');

    expect(foreign.status).toBe(404);
    expect(foreign.body).toEqual({
      ...unknown.body,
      detail: String(unknown.body['detail']).replace('nothing', 'secret'),
      request_id: foreign.body['request_id'],
    });
  });

  it.each([
    ['/products?limit=0', 422],
    ['/products?limit=101', 422],
    ['/products?limit=many', 422],
    ['/products?cursor=made-up', 422],
    ['/products?colour=red', 422],
    [`/products?q=${'a'.repeat(201)}`, 422],
    ['/products?q=%00', 422],
    ['/products?category=%00', 422],
    ['/products/%00', 404],
    [`/products/${'a'.repeat(299)}`, 404],
  ])('answers %s with %i', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  it('knows no store that there is not', async () => {
    const { status, body } = await app.visitor.get('/api/v1/stores/nowhere/products');

    expect([status, body['code']]).toEqual([404, 'STORE_NOT_FOUND']);
  });
});
