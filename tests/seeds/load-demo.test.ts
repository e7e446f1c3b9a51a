import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productList } from '#app/catalog/product-queries.ts';
import { isFinal, stepsOf } from '#app/orders/order.ts';
import { isEmptySystem } from '#app/stores/setup-link.ts';
import { storeTenantBySlug } from '#app/stores/store-queries.ts';
import { mediaFolder } from '#core/files/media.ts';
import { verifyPassword } from '#core/security/password.ts';
import { demoMerchants } from '#database/seeds/demo/index.ts';
import { loadDemo, type DemoAccounts } from '#database/seeds/demo/load-demo.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

const PASSWORD = 'a password for all';
const NOW = new Date();
const DAY_MS = 86_400_000;
const LOADING_MAX_MS = 240_000;

let test: TestDatabase;
let folder: string;
let accounts: DemoAccounts;

beforeAll(async () => {
  test = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'storeflow-demo-'));
  await beginAndFail();
  accounts = await load(join(folder, 'media'));
}, LOADING_MAX_MS);
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

function load(media: string): Promise<DemoAccounts> {
  const { database, adminUrl } = test;
  return loadDemo({ database, adminUrl, password: PASSWORD, media: mediaFolder(media), now: NOW });
}

/** A loading that ends half-way, as a killed one does: the shops are open, the pictures cannot be kept. */
async function beginAndFail(): Promise<void> {
  const noFolder = join(folder, 'a-file');
  await writeFile(noFolder, '');
  await expect(load(noFolder)).rejects.toMatchObject({ cause: { code: 'EEXIST' } });
  expect(await test.admin`SELECT FROM stores`).not.toHaveLength(0);
  expect(await isEmptySystem(test.database)).toBe(true);
}

const demoStores = demoMerchants.flatMap(({ stores }) => stores);

describe('the demo', () => {
  it('begins anew after a loading that was killed, and leaves nothing of that', async () => {
    const stores = await test.admin`SELECT slug FROM stores ORDER BY slug`;

    expect(stores.map(({ slug }) => slug)).toEqual(demoStores.map(({ slug }) => slug).toSorted());
  });

  it('is not loaded over a system into which somebody can sign in', async () => {
    await expect(load(join(folder, 'media'))).rejects.toThrow('expected a database without accounts');
  });

  it('lets everyone in with the one password, by name and by e-mail', async () => {
    const people = demoMerchants.flatMap(({ people: each }) => each);
    const logins = await test.admin`SELECT login FROM directory_staff ORDER BY login`;
    const [owner] = await test.admin`SELECT password_hash FROM staff LIMIT 1`;

    expect(logins.map(({ login }) => login)).toEqual(
      people.flatMap(({ email, username }) => [email, username]).toSorted(),
    );
    expect(accounts.people.map(({ username }) => username)).toEqual(people.map(({ username }) => username));
    expect(await verifyPassword(accounts.password, owner?.['password_hash'])).toBe(true);
  });

  it.each(demoStores)('$name has all its products on the shelf, with their pictures', async (store) => {
    const tenant = await storeTenantBySlug(test.database, store.slug);
    if (!tenant) throw new Error('the store is not in the directory');
    const { data } = await test.database
      .tenant(tenant)
      .read((tx) => productList(tx, { currency: store.currency, limit: 100 }));

    expect(data.map(({ slug }) => slug)).toEqual(store.products.map(({ slug }) => slug));
    for (const [at, { images, variants, customization_groups: groups }] of data.entries()) {
      expect(images).toHaveLength(store.products[at]?.pictures.length ?? 0);
      expect(variants).toHaveLength(store.products[at]?.variants.length ?? 0);
      expect(groups).toHaveLength(store.products[at]?.groups.length ?? 0);
      for (const { url } of images) expect(existsSync(join(folder, url))).toBe(true);
    }
  });

  it('has on the shelf what its authors say, and the ledger agrees', async () => {
    const levels = await test.admin<{ sku: string; quantity: number; sum: number }[]>`
      SELECT sku, quantity, (SELECT coalesce(sum(delta), 0)::int FROM stock_ledger l WHERE l.variant_id = s.variant_id) AS sum
      FROM stock_levels s JOIN variants v ON v.id = s.variant_id`;
    const variants = demoStores.flatMap(({ products }) => products.flatMap((product) => product.variants));
    const counted = variants.filter(({ stock }) => stock !== null);

    expect(new Map(levels.map(({ sku, quantity }) => [sku, quantity]))).toEqual(
      new Map(counted.map(({ sku, stock }) => [sku, stock])),
    );
    expect(levels.filter(({ quantity, sum }) => quantity !== sum)).toEqual([]);
  });
});

describe('the demo’s history', () => {
  it('is a few hundred orders over sixty days, most of them happily ended', async () => {
    const [row] = await test.admin`
      SELECT count(*)::int AS orders, min(placed_at) AS first,
        avg((status IN ('completed', 'delivered'))::int)::float AS ended, avg((status = 'cancelled')::int)::float AS cancelled
      FROM orders`;

    expect(row?.['orders']).toBeGreaterThan(300);
    expect(NOW.getTime() - row?.['first'].getTime()).toBeGreaterThan(55 * DAY_MS);
    expect(row?.['ended']).toBeGreaterThan(0.8);
    expect(row?.['cancelled']).toBeGreaterThan(0.01);
    expect(row?.['cancelled']).toBeLessThan(0.1);
  });

  it('leaves every column of each board with something to do', async () => {
    const rows = await test.admin<
      { slug: string; fulfilment_type: 'pickup' | 'shipping'; statuses: string[] }[]
    >`
      SELECT s.slug, fulfilment_type, array_agg(DISTINCT status) AS statuses FROM orders o JOIN stores s ON s.id = o.store_id
      GROUP BY s.slug, fulfilment_type`;

    expect(rows).toHaveLength(5);
    for (const { fulfilment_type: type, statuses } of rows) {
      const open = stepsOf(type)
        .map(({ status }) => status)
        .filter((status) => !isFinal(status));
      expect(statuses).toEqual(expect.arrayContaining(open));
    }
  });

  it('lies in the past, and every order went its way in order', async () => {
    const wrong = await test.admin`
      SELECT number FROM orders WHERE NOT (placed_at <= coalesce(accepted_at, placed_at)
        AND coalesce(accepted_at, placed_at) <= coalesce(started_at, accepted_at, placed_at)
        AND coalesce(started_at, accepted_at, placed_at) <= coalesce(ready_at, started_at, accepted_at, placed_at)
        AND coalesce(ready_at, placed_at) <= coalesce(completed_at, cancelled_at, ${NOW})
        AND coalesce(completed_at, cancelled_at, placed_at) <= ${NOW})`;

    expect(wrong).toEqual([]);
  });

  it('was made by the code that real orders take: numbers without gaps, an audit row and an event for each', async () => {
    const stores = await test.admin`
      SELECT count(*)::int AS orders, (max(number) - min(number) + 1)::int AS numbers,
        (SELECT count(*)::int FROM audit_log a WHERE a.store_id = o.store_id AND action = 'order.placed') AS audited,
        (SELECT count(*)::int FROM domain_events e WHERE e.store_id = o.store_id AND type = 'OrderCreated') AS told
      FROM orders o GROUP BY store_id`;

    expect(stores).toHaveLength(demoStores.length);
    for (const { orders, numbers, audited, told } of stores)
      expect([numbers, audited, told]).toEqual([orders, orders, orders]);
  });
});
