import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus, orderAt } from '../support/orders.ts';
import { productDesk, PRODUCTS } from '../support/product-desk.ts';
import { EVERYTHING, productForm } from '../support/product-forms.ts';
import { signIn } from '../support/sign-in.ts';

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
let roaster: HttpClient;
let stranger: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager', shops.cafe);
  roaster = await signIn(app.visitor, 'owner', shops.roastery);
  stranger = await signIn(app.visitor, 'other-owner');
});
afterAll(() => app.close());

const { create, read, put, remove, arrange, list, names } = productDesk(() => manager);

describe('a product that goes', () => {
  it('is gone with everything when nobody ordered it', async () => {
    const product = await create('Passing', EVERYTHING);

    expect((await remove(product.id)).body).toEqual({ outcome: 'deleted' });
    expect((await manager.get(`${PRODUCTS}/${product.id}.json`)).status).toBe(404);
    expect(
      await app.admin`SELECT FROM variants WHERE sku = 'J-S' AND product_id NOT IN (SELECT id FROM products)`,
    ).toEqual([]);
  });

  it('is archived when orders refer to it, and comes back when it is put on sale', async () => {
    const walk = { customer: app.visitor, staff: manager, store: shops.cafe, fulfilment: 'pickup' } as const;
    await orderAt('pending', walk);
    const { id } = shops.cafe.products.latte;

    expect((await remove(id)).body).toEqual({ outcome: 'archived' });
    expect(await names('?search=latte')).toEqual([]);
    expect(await names('?search=latte&status=archived')).toEqual(['Alder latte']);
    const gone = await read(id);
    const edited = expectStatus(200, await put(gone, {}));
    expect(edited).toMatchObject({ status: 'inactive' });
    const { version } = edited;
    expectStatus(200, await manager.patch(`${PRODUCTS}/${id}/status`, { status: 'active', version }));
    expect(await names('?search=latte')).toEqual(['Alder latte']);
  });

  it('is archived too when only another store of the merchant sold it', async () => {
    const card = await create('Shared card', { scope: 'merchant' });
    const { body } = await app.visitor.get<{ variants: { id: string }[] }>(
      '/api/v1/stores/roastery/products/shared-card',
    );
    expectStatus(
      201,
      await app.visitor.post(
        '/api/v1/stores/roastery/checkout',
        {
          fulfilment_type: 'pickup',
          contact: { first_name: 'Kim', last_name: 'Vale', email: 'kim@example.com' },
          items: [{ variant_id: body.variants[0]?.id, quantity: 1 }],
        },
        { 'idempotency-key': 'shared-card-order-1' },
      ),
    );

    expect((await remove(card.id)).body).toEqual({ outcome: 'archived' });
  });
});

describe('the list of products', () => {
  it('finds by name, by the beginning of a SKU, and by state and category', async () => {
    await create('Findable kettle', {
      variants: [{ ...productForm('').variants[0], sku: 'KTL-77' }],
      active: false,
    });

    expect(await names('?search=kettel')).toEqual(['Findable kettle']);
    expect(await names('?search=ktl-7')).toEqual(['Findable kettle']);
    expect(await names('?search=KTL&status=active')).toEqual([]);
    expect(await names('?search=KTL&status=inactive')).toEqual(['Findable kettle']);
    expect(await names('?category=ca_unknown')).toEqual([]);
  });

  it('is read page by page, each product once, in an order that can be changed', async () => {
    const whole = (await list('?limit=100')).data.map(({ id }) => id);
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Awaited<ReturnType<typeof list>> = await list(`?limit=3${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(whole);

    const wanted = [whole[2], whole[0], whole[1]].map(String);
    expect((await arrange(wanted)).status).toBe(204);
    const now = (await list('?limit=100')).data.map(({ id }) => id);
    expect(now.filter((id) => wanted.includes(id))).toEqual(wanted);
    expect(now.toSorted()).toEqual(whole.toSorted());
  });
});

describe('products', () => {
  it('of another merchant or store are as if there were none', async () => {
    const own = await create('Ours alone');
    for (const staff of [stranger, roaster]) {
      expect((await staff.get(`${PRODUCTS}/${own.id}.json`)).status).toBe(404);
      expect((await put(own, { name: 'Theirs' }, staff)).status).toBe(404);
      expect((await remove(own.id, staff)).status).toBe(404);
      expect((await arrange([own.id, shops.other.products.tee.id], staff)).status).toBe(404);
      expect(await names('?search=ours', staff)).toEqual([]);
    }
    expect(await read(own.id)).toEqual(own);
  });

  it('are seen by staff, and changed by those who may', async () => {
    const barista = await signIn(app.visitor, 'barista', shops.cafe);
    const product = await create('Looked at');

    expect(await read(product.id, barista)).toEqual(product);
    expect((await put(product, { name: 'Touched' }, barista)).status).toBe(403);
    expect((await remove(product.id, barista)).status).toBe(403);
  });
});
