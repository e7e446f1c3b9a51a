import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ManagedCategory } from '#app/categories/managed-category-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { Answer, HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';
import { productForm } from '../support/product-forms.ts';
import { signIn } from '../support/sign-in.ts';

const CATEGORIES = '/dashboard/categories';
type Tree = { readonly data: readonly ManagedCategory[]; readonly code?: string };
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

const idIn = ({ data }: Tree, slug: string) => data.find((each) => each.slug === slug)?.id ?? '';
async function create(name: string, changes: object = {}, staff = manager): Promise<string> {
  const answer = await staff.post<Tree>(CATEGORIES, { name, scope: 'store', ...changes });
  return expectStatus(201, answer).data.find((each) => each.name === name)?.id ?? '';
}
const send = (method: string, path: string, body?: object, staff = manager): Promise<Answer<Tree>> =>
  staff.send<Tree>(`${CATEGORIES}/${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
const place = (id: string, parent: string | null, before: string | null = null, staff = manager) =>
  send('PUT', `${id}/place`, { parent, before }, staff);

/** Names, each indented below its parent. */
async function outline(staff = manager): Promise<string[]> {
  const { data } = expectStatus(200, await staff.get<Tree>(`${CATEGORIES}.json`));
  const depth = (id: string | null): number =>
    id === null ? 0 : 1 + depth(data.find((each) => each.id === id)?.parent ?? null);
  return data.map(({ name, parent }) => '·'.repeat(depth(parent)) + name);
}

describe('the category tree', () => {
  it('grows, is put in order, hung elsewhere and renamed', async () => {
    const drinks = await create('Drinks');
    const hot = await create('Hot', { parent: drinks });
    const cold = await create('Cold', { parent: drinks });
    const food = await create('Food');
    expect(await outline()).toEqual(['Drinks', '·Hot', '·Cold', 'Food']);

    expectStatus(200, await place(cold, drinks, hot));
    expectStatus(200, await place(food, null, drinks));
    expectStatus(200, await place(hot, food));
    expectStatus(200, await send('PATCH', hot, { name: 'Warm' }));
    expect(await outline()).toEqual(['Food', '·Warm', 'Drinks', '·Cold']);
    const audit =
      await app.admin`SELECT action FROM audit_log WHERE entity = 'category' ORDER BY id DESC LIMIT 2`;
    expect(audit.map(({ action }) => action)).toEqual(['category.renamed', 'category.moved']);
  });

  it('has no rings, not even when two hang each other below themselves at once', async () => {
    const [a, b] = [await create('Ring A'), await create('Ring B')];
    const below = await create('Ring C', { parent: a });
    for (const parent of [a, below])
      expect(await place(a, parent)).toMatchObject({ status: 409, body: { code: 'CATEGORY_BELOW_ITSELF' } });

    const answers = await Promise.all([place(a, b), place(b, a)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    await expect(app.admin`UPDATE categories SET parent_id = id WHERE name = 'Ring A'`).rejects.toThrow(
      /categor/,
    );
  });

  it('lets what hangs in a category that goes move up, with its products', async () => {
    const upper = await create('Upper');
    const middle = await create('Middle', { parent: upper });
    await create('Lower', { parent: middle });
    const form = { ...productForm('Moved up', { category: middle }), active: true, scope: 'store' };
    expectStatus(201, await manager.post('/dashboard/products', form));
    const tree = expectStatus(200, await send('DELETE', middle));

    expect(tree.data.find(({ id }) => id === upper)?.products).toBe(1);
    expect((await outline()).slice(-2)).toEqual(['Upper', '·Lower']);
  });

  it('shows at the storefront at once', async () => {
    await expect
      .poll(async () => (await app.visitor.get('/api/v1/stores/cafe/products?category=upper')).body['data'])
      .toMatchObject([{ slug: 'moved-up' }]);
    const upper = idIn(expectStatus(200, await manager.get<Tree>(`${CATEGORIES}.json`)), 'upper');
    expectStatus(200, await send('PATCH', upper, { name: 'Uppermost' }));
    await expect
      .poll(async () => (await app.visitor.get('/api/v1/stores/cafe/products?category=upper')).body['data'])
      .toMatchObject([{ category: { name: 'Uppermost' } }]);
  });
});

describe('a category', () => {
  it('of one store is out of sight elsewhere, one of all stores is not', async () => {
    const own = await create('Only here');
    const shared = await create('Everywhere', { scope: 'merchant' });

    expect(await outline(roaster)).toContain('Everywhere');
    expect(await outline(roaster)).not.toContain('Only here');
    expect((await send('PATCH', own, { name: 'Theirs' }, roaster)).status).toBe(404);
    const wrong = await place(shared, own);
    expect(wrong).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
  });

  it('of all stores stays while another store has one below it', async () => {
    const shared = await create('Common', { scope: 'merchant' });
    await create('Roasts', { parent: shared }, roaster);

    expect(await send('DELETE', shared)).toMatchObject({ status: 409, body: { code: 'CATEGORY_IN_USE' } });
    expectStatus(200, await send('DELETE', shared, undefined, roaster));
  });

  it('has a slug that is free', async () => {
    await create('Slugs', { slug: 'slugs' });
    const taken = await manager.post<Tree>(CATEGORIES, { name: 'Other', slug: 'slugs', scope: 'store' });

    expect(taken).toMatchObject({ status: 409, body: { code: 'SLUG_TAKEN' } });
  });

  it('is not for everyone to change', async () => {
    const barista = await signIn(app.visitor, 'barista', shops.cafe);

    expect((await barista.get(`${CATEGORIES}.json`)).status).toBe(200);
    expect((await barista.post(CATEGORIES, { name: 'No', scope: 'store' })).status).toBe(403);
  });
});
