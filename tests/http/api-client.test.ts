import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '@hey-api/openapi-ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';

const run = promisify(execFile);
const TSC = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');

let app: TestApp;
let folder: string;
beforeAll(async () => {
  app = await testApp();
  folder = await mkdtemp(join(tmpdir(), 'storeflow-client-'));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const SETTINGS = {
  compilerOptions: {
    target: 'es2024',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: [],
    strict: true,
    noEmit: true,
  },
};

/** A shopper and a program with a key, as whoever uses the client writes them. */
const USAGE = `
import { createClient } from './client/client';
import * as api from './client';

const client = createClient({ baseUrl: 'https://shop.example', auth: () => 'sfk_secret' });

export async function shop(store: string): Promise<string> {
  const { data: list } = await api.getApiV1StoresByStoreProducts({ client, path: { store } });
  const variant = list?.data[0]?.variants[0];
  if (!variant) return 'nothing is sold here';
  const items = [{ variant_id: variant.id, quantity: 1, customizations: [] }];
  const priced = await api.postApiV1StoresByStoreCartPrice({ client, path: { store }, body: { items } });
  if (priced.error) return priced.error.detail;
  const cents: number = priced.data.totals.total_cents;
  const placed = await api.postApiV1StoresByStoreCheckout({
    client,
    path: { store },
    headers: { 'idempotency-key': crypto.randomUUID() },
    body: {
      fulfilment_type: 'pickup',
      contact: { first_name: 'Robin', last_name: 'Vale', email: 'robin@example.com' },
      items,
      expected_total_cents: cents,
    },
  });
  if (placed.error?.code === 'PRICE_CHANGED') return 'look again';
  if (!placed.data) return 'refused';
  return 'payment_id' in placed.data ? 'pay first, to ' + placed.data.expires_at : placed.data.public_id;
}

export async function fill(file: File): Promise<string> {
  const { data } = await api.postDashboardProductImports({ client, body: { file }, query: { dry_run: true } });
  return data?.state ?? 'refused';
}

export async function work(public_id: string): Promise<void> {
  const { data } = await api.getDashboardBoardJson({ client });
  for (const order of data?.orders ?? []) {
    const moved = await api.patchDashboardOrdersByPublicIdStatus({
      client,
      path: { public_id: order.public_id },
      body: { status: 'accepted', version: order.version },
    });
    if (moved.error?.code === 'ORDER_CHANGED') continue;
  }
}

/** An order has no status but those that are described. */
export const eaten: 'eaten' extends api.PatchDashboardOrdersByPublicIdStatusData['body']['status'] ? never : true = true;
`;

it('a client that is generated from the description passes the strictest compiler, and so do programs that use it', async () => {
  const { body } = await app.visitor.get('/openapi.json');
  await createClient({
    input: body,
    output: join(folder, 'client'),
    logs: { level: 'silent' },
    plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
  });
  await writeFile(join(folder, 'usage.ts'), USAGE);
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(SETTINGS));
  const complaints = await run(process.execPath, [TSC, '-p', folder]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
  expect(complaints).toBe('');
});
