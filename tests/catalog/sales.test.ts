import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '#app/catalog/product-view.ts';
import type { ManagedProduct } from '#app/products/managed-product-view.ts';
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

const medium = () => shops.cafe.products.tee.variants.find(({ title }) => title === 'M')?.id ?? '';

const sale = (client: HttpClient, method: 'PUT' | 'DELETE', body?: Json) =>
  client.send<Json>(`/dashboard/variants/${medium()}/sale`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

const unit = async () => {
  const items = [line(shops.cafe.products.tee, { variant: 'M' })];
  const { body } = await app.visitor.post<{ items: Json[] }>('/api/v1/stores/cafe/cart/price', { items });
  return body.items[0];
};

describe('a sale', () => {
  it.each([
    ['counts while it is on', { from: '2020-01-01T00:00:00Z', until: '2090-01-01T00:00:00Z' }, 2000],
    ['counts without dates', {}, 2000],
    ['does not count before it begins', { from: '2090-01-01T00:00:00Z' }, 3500],
    ['does not count once it is over', { until: '2020-01-01T00:00:00Z' }, 3500],
  ])('%s', async (_, dates, expected) => {
    expectStatus(204, await sale(manager, 'PUT', { sale_cents: 2000, ...dates }));
    expect(await unit()).toMatchObject({ base_unit_cents: 3500, unit_cents: expected });
    expectStatus(204, await sale(manager, 'DELETE'));
    expect(await unit()).toMatchObject({ base_unit_cents: 3500, unit_cents: 3500 });
  });

  it('is told to those who keep the product, also before it begins', async () => {
    const from = '2090-01-01T01:00:00+01:00';
    expectStatus(204, await sale(manager, 'PUT', { sale_cents: 2000, from }));
    const told = async () => {
      const { id } = shops.cafe.products.tee;
      const { body } = await manager.get<ManagedProduct>(`/dashboard/products/${id}.json`);
      return body.variants.map((variant) => [variant.title, variant.price_cents, variant.sale]);
    };
    const of = { sale_cents: 2000, from: '2090-01-01T00:00:00.000Z', until: null };
    expect(await told()).toEqual([
      ['S', 3500, null],
      ['M', 3500, of],
      ['L', 3500, null],
    ]);
    expectStatus(204, await sale(manager, 'DELETE'));
    expect(await told()).toContainEqual(['M', 3500, null]);
  });

  it('shows in the store, with the price before it, as soon as it is set', async () => {
    expectStatus(204, await sale(manager, 'PUT', { sale_cents: 1900 }));
    const shown = async () => {
      const { body } = await app.visitor.get<Product>('/api/v1/stores/cafe/products/cafe-tee');
      return body.variants.find(({ id }) => id === medium());
    };
    await expect.poll(shown).toMatchObject({ price_cents: 1900, compare_at_cents: 3500 });
    const placed = await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'shipping'));
    expect(expectStatus(201, placed).total_cents).toBe(1900 + 900);
    expectStatus(204, await sale(manager, 'DELETE'));
    await expect.poll(shown).toMatchObject({ price_cents: 3500, compare_at_cents: null });
    const audit = await app.admin`
      SELECT action, before ->> 'sale_cents' AS before FROM audit_log WHERE entity = 'variant' ORDER BY id DESC LIMIT 1`;
    expect(audit).toEqual([{ action: 'variant.sale_ended', before: '1900' }]);
  });

  it.each([
    ['at the price', { sale_cents: 3500 }],
    ['below nothing', { sale_cents: -1 }],
    ['that ends before it begins', { from: '2030-01-02T00:00:00Z', until: '2030-01-01T00:00:00Z' }],
    ['from a leap second on', { from: '2016-12-31T23:59:60Z' }],
  ])('cannot be one %s', async (_, changes) => {
    expect(await sale(manager, 'PUT', { sale_cents: 2000, ...changes })).toMatchObject({ status: 422 });
  });

  it('is for those who keep products, of their own store', async () => {
    const barista = await signIn(app.visitor, 'barista');
    expect(await sale(barista, 'PUT', { sale_cents: 1 })).toMatchObject({ status: 403 });
    for (const stranger of [
      await signIn(app.visitor, 'other-owner'),
      await signIn(app.visitor, 'owner', shops.roastery),
    ])
      expect(await sale(stranger, 'PUT', { sale_cents: 1 })).toMatchObject({
        status: 404,
        body: { code: 'PRODUCT_NOT_FOUND' },
      });
    expect(await unit()).toMatchObject({ unit_cents: 3500 });
  });
});
