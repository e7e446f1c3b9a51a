import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProductList } from '#app/catalog/product-view.ts';
import { mediaFolder } from '#core/files/media.ts';
import { fillShop } from '#database/seeds/demo/fill-shop.ts';
import { demoMerchants } from '#database/seeds/demo/index.ts';
import { openDoors, openMerchant } from '#database/seeds/demo/open-merchant.ts';
import { testApp, type TestApp } from './app.ts';
import { PASSWORD } from './merchants.ts';
import { expectStatus } from './orders.ts';
import { quickHash } from './quick-hash.ts';

/** The server with the demo's shops, one of each theme, with their pictures, before their first order. All people have `PASSWORD`. */
export async function demoApp(): Promise<TestApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'storeflow-demo-'));
  const app = await testApp({ dataDir });
  const opening = { passwordHash: quickHash(PASSWORD), at: new Date() };
  for (const merchant of demoMerchants) {
    const { db, shops } = await openMerchant(app.database, merchant, opening);
    const filling = { history: [], media: mediaFolder(join(dataDir, 'media')), at: opening.at };
    for (const shop of shops) await fillShop(shop, filling);
    await db.write(openDoors);
  }
  return {
    ...app,
    close: async () => {
      await app.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Orders something for pickup at one of the shops; answers the order's public id. */
export async function placeAt({ visitor }: TestApp, store: string): Promise<string> {
  const { data } = expectStatus(
    200,
    await visitor.get<ProductList>(`/api/v1/stores/${store}/products?limit=50`),
  );
  const product = data.find(
    ({ available, customization_groups: groups }) => available && groups.every(({ required }) => !required),
  );
  const variant = product?.variants.find(({ available }) => available);
  const order = {
    fulfilment_type: 'pickup',
    contact: { first_name: 'Robin', last_name: 'Vale', email: 'robin@example.com' },
    items: [{ variant_id: variant?.id, quantity: 2, customizations: [] }],
    notes: 'Please ring the bell',
  };
  const key = { 'idempotency-key': crypto.randomUUID() };
  const placed = await visitor.post<{ public_id: string }>(`/api/v1/stores/${store}/checkout`, order, key);
  return expectStatus(201, placed).public_id;
}
