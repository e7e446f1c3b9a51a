import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';
import { productDesk, PRODUCTS } from '../support/product-desk.ts';
import { EVERYTHING, formOf, productForm } from '../support/product-forms.ts';
import { signIn } from '../support/sign-in.ts';

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
let roaster: HttpClient;

beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager', shops.cafe);
  roaster = await signIn(app.visitor, 'owner', shops.roastery);
});
afterAll(() => app.close());

const { create, read, put } = productDesk(() => manager);

describe('a new product', () => {
  it('has everything that was sent, its HTML harmless, and stands on the shelf', async () => {
    const jacket = await create('Wool Jacket', EVERYTHING);

    expect(jacket).toMatchObject({
      ...EVERYTHING,
      slug: 'wool-jacket',
      version: 1,
      scope: 'store',
      status: 'active',
      currency: 'AUD',
      description: '<p>Warm</p>',
      tags: ['new', 'wool'],
      options: [{ name: 'Size', values: ['S', 'M'] }],
      variants: [
        { title: 'S', sku: 'J-S', stock: 4, compare_at_cents: 12_000 },
        { title: 'M', stock: null },
      ],
    });
    const shown = await app.visitor.get('/api/v1/stores/cafe/products/wool-jacket');
    expect(shown.body).toMatchObject({ id: jacket.id, tags: ['new', 'wool'] });
    expect((await app.visitor.get('/api/v1/stores/roastery/products/wool-jacket')).status).toBe(404);
  });

  it('gets a slug from its name, another one when that is taken, and none that it asks for and another has', async () => {
    const slugs = [await create('Tea Cup'), await create('Tea-Cup!'), await create('茶')].map(
      ({ slug }) => slug,
    );
    expect(slugs).toEqual(['tea-cup', 'tea-cup-2', 'product']);

    const body = { ...productForm('Cup', { slug: 'tea-cup' }), active: true, scope: 'store' };
    const answer = await manager.post(PRODUCTS, body);
    expect([answer.status, answer.body['code']]).toEqual([409, 'SLUG_TAKEN']);
  });

  it('of one slug is made once when two make it at once', async () => {
    const body = { ...productForm('Twin', { slug: 'twin' }), active: true, scope: 'store' };
    const answers = await Promise.all([1, 2, 3].map(() => manager.post(PRODUCTS, body)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
  });

  it('of one name is made by each of those who make it at once', async () => {
    const made = await Promise.all(['Jug', 'Jug', 'Jug'].map((name) => create(name)));

    expect(made.map(({ slug }) => slug).toSorted()).toEqual(['jug', 'jug-2', 'jug-3']);
  });

  it('of all stores is seen, sold and changed in each of them', async () => {
    const card = await create('Gift card', { scope: 'merchant' });

    expect(await read(card.id, roaster)).toMatchObject({ scope: 'merchant', version: 1 });
    expectStatus(200, await put(card, { name: 'Gift voucher' }, roaster));
    await expect
      .poll(async () => (await app.visitor.get('/api/v1/stores/cafe/products/gift-card')).body['name'])
      .toBe('Gift voucher');
  });

  it.each([
    [
      'a group of more than it offers',
      { customization_groups: [{ ...EVERYTHING.customization_groups[0], min_select: 3, max_select: 3 }] },
      'customization_groups.0',
    ],
    [
      'two groups of one name',
      { customization_groups: [1, 2].map(() => EVERYTHING.customization_groups[0]) },
      'customization_groups',
    ],
    [
      'two variants that are the same',
      { variants: [1, 2].map(() => productForm('').variants[0]) },
      'variants',
    ],
    [
      'a price to compare with that is not above its own',
      { variants: [{ ...productForm('').variants[0], compare_at_cents: 450 }] },
      'variants.0.compare_at_cents',
    ],
    ['a category that there is not', { category: 'ca_unknown' }, 'category'],
    [
      'another product’s picture',
      { variants: [{ ...productForm('').variants[0], image: 'im_other' }] },
      'variants.0.image',
    ],
    [
      'another product’s variant',
      { variants: [{ ...productForm('').variants[0], id: 'va_other' }] },
      'variants.0.id',
    ],
  ])('is refused with %s, by its field', async (_case, changes, field) => {
    const answer = await manager.post<{ errors: object }>(PRODUCTS, {
      ...productForm('Wrong', changes),
      active: true,
      scope: 'store',
    });

    expect(answer.status).toBe(422);
    expect(Object.keys(answer.body.errors)).toContain(field);
  });
});

describe('a change of a product', () => {
  it('that changes nothing keeps everything, the ids and the stock too', async () => {
    const before = await create('Steady', EVERYTHING);
    const after = expectStatus(200, await put(before, {}));

    expect(after).toEqual({ ...before, version: 2 });
  });

  it('keeps the ids of variants through new option values, and leaves counted stock alone', async () => {
    const before = await create('Scarf', EVERYTHING);
    const [small] = before.variants;
    const after = expectStatus(
      200,
      await put(before, {
        slug: 'shawl',
        variants: [
          { id: small?.id, option_values: ['Small'], price_cents: 8000, weight_grams: 300 },
          { option_values: ['Large'], price_cents: 9900, weight_grams: 300, stock: 2 },
        ],
      }),
    );

    expect(after.slug).toBe('shawl');
    expect(after.variants).toMatchObject([
      { id: small?.id, title: 'Small', stock: 4, sku: null },
      { title: 'Large', stock: 2 },
    ]);
    const recount = await put(after, { variants: [{ ...formOf(after).variants[0], stock: 9 }] });
    expect([recount.status, Object.keys(recount.body.errors)]).toEqual([422, ['variants.0.stock']]);
  });

  it('is refused when someone else was first, with the present state', async () => {
    const product = await create('Contested');
    const answers = await Promise.all([put(product, { name: 'Mine' }), put(product, { name: 'Yours' })]);
    const [won, lost] = answers.toSorted((a, b) => a.status - b.status);

    expect([won?.status, lost?.status]).toEqual([200, 409]);
    expect(lost?.body).toMatchObject({
      code: 'PRODUCT_CHANGED',
      product: { version: 2, name: won?.body.name },
    });
  });

  it('is told to the storefront and written into the audit log, with before and after', async () => {
    const product = await create('Audited');
    expectStatus(
      200,
      await put(product, { variants: [{ ...formOf(product).variants[0], price_cents: 500 }] }),
    );
    expectStatus(
      200,
      await manager.patch(`${PRODUCTS}/${product.id}/status`, { status: 'inactive', version: 2 }),
    );

    const audit = await app.admin`
      SELECT action, before, after FROM audit_log WHERE entity = 'product' AND entity_id = (SELECT id FROM products WHERE slug = 'audited') ORDER BY id`;
    expect(audit).toMatchObject([
      { action: 'product.created', before: null },
      {
        action: 'product.updated',
        before: { variants: [{ price_cents: 450 }] },
        after: { variants: [{ price_cents: 500 }] },
      },
      { action: 'product.deactivated', before: { active: true }, after: { active: false } },
    ]);
    const events = await app.admin`
      SELECT entity_version, payload->'product'->>'active' AS active FROM domain_events WHERE entity_id = ${product.id} ORDER BY entity_version`;
    expect(events).toEqual([
      { entity_version: 1, active: 'true' },
      { entity_version: 2, active: 'true' },
      { entity_version: 3, active: 'false' },
    ]);
    expect((await app.visitor.get('/api/v1/stores/cafe/products/audited')).status).toBe(404);
  });
});
