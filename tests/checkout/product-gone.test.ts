import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { holdOrderNumbers } from '../support/held-lock.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';
import { productDesk } from '../support/product-desk.ts';
import { signIn } from '../support/sign-in.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());

it('a product that is deleted while its order is written is refused as one that is not sold', async () => {
  const manager = await signIn(app.visitor, 'manager', shops.cafe);
  const { create, remove } = productDesk(() => manager);
  const mug = await create('Mug');
  const items = [{ variant_id: mug.variants[0]?.id ?? '', quantity: 1 }];
  // Only then there is a row that numbers are taken from.
  expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup')));
  const numbers = await holdOrderNumbers(app.admin, shops.cafe.tenant.storeId);

  const checkingOut = checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { items }));
  await numbers.waiter();
  expect(expectStatus(200, await remove(mug.id)).outcome).toBe('deleted');
  await numbers.release();

  expect(await checkingOut).toMatchObject({ status: 422, body: { code: 'ITEM_NOT_FOUND' } });
  expect(await app.admin`SELECT FROM orders`).toHaveLength(1);
});
