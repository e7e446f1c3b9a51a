import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMerchant, nextMerchantId } from '#app/merchants/create-merchant.ts';
import { createStaff, type NewStaff } from '#app/staff/create-staff.ts';
import { storeChannel } from '#app/stores/store-channels.ts';
import { storeTenantBySlug } from '#app/stores/store-queries.ts';
import { createStore } from '#app/stores/create-store.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { ACT, openShop, STORE, type TestShop } from '../support/shop.ts';

let test: TestDatabase;
let shop: TestShop;

beforeAll(async () => {
  test = await testDatabase();
  shop = await openShop(test.database);
});
afterAll(() => test.close());

function staff(changes: Partial<NewStaff>): NewStaff {
  return {
    name: 'Ada Wren',
    email: 'ada@example.com',
    username: 'ada',
    passwordHash: 'none',
    role: 'manager',
    storeIds: [shop.tenant.storeId],
    act: ACT,
    ...changes,
  };
}

function hire(changes: Partial<NewStaff>, at: TestShop = shop) {
  return at.merchantDb.write((tx) => createStaff(tx, staff(changes)));
}

function logins() {
  return test.admin<
    { login: string; staff_id: string }[]
  >`SELECT login, staff_id FROM directory_staff ORDER BY login`;
}

describe('a new merchant', () => {
  it('is visible to itself alone, with the act in its audit log', async () => {
    const merchantId = await nextMerchantId(test.database);
    const db = test.database.tenant({ merchantId, storeId: null });
    await db.write((tx) => createMerchant(tx, { name: 'Newcomer', act: ACT }));

    expect(await db.read(({ sql }) => sql`SELECT name FROM merchants`)).toEqual([{ name: 'Newcomer' }]);
    expect(await db.read(({ sql }) => sql`SELECT action FROM audit_log`)).toEqual([
      { action: 'merchant.created' },
    ]);
    expect(await shop.db.read(({ sql }) => sql`SELECT FROM merchants`)).toHaveLength(1);
  });

  it('leaves nothing when its first store is refused', async () => {
    const merchantId = await nextMerchantId(test.database);
    const opening = test.database.tenant({ merchantId, storeId: null }).write(async (tx) => {
      await createMerchant(tx, { name: 'Second comer', act: ACT });
      await createStore(tx, { ...STORE, slug: shop.slug });
    });

    await expect(opening).rejects.toMatchObject({ code: 'SLUG_TAKEN' });
    expect(await test.admin`SELECT FROM merchants WHERE id = ${merchantId}`).toEqual([]);
  });
});

describe('a new store', () => {
  it('is found by its slug, before any tenant is known', async () => {
    expect(await storeTenantBySlug(test.database, shop.slug)).toEqual(shop.tenant);
  });

  it('has channels to listen to before anything happens', async () => {
    const heads = await shop.db.read(
      ({ sql }) => sql`SELECT channel, last_seq FROM stream_heads ORDER BY channel`,
    );

    expect(heads).toEqual(
      (['catalog', 'notifications', 'orders'] as const).map((topic) => ({
        channel: storeChannel(shop.tenant.storeId, topic),
        last_seq: 0,
      })),
    );
  });

  it('cannot have the slug of another, whoever has it', async () => {
    const stranger = await openShop(test.database);
    for (const { merchantDb } of [shop, stranger]) {
      const second = merchantDb.write((tx) => createStore(tx, { ...STORE, slug: shop.slug }));
      await expect(second).rejects.toMatchObject({
        code: 'SLUG_TAKEN',
        evidence: { errors: { slug: ['is taken'] } },
      });
    }
  });
});

describe('a new member of the staff', () => {
  it('signs in by e-mail and by name, however they are written, and enters the assigned stores', async () => {
    const id = await hire({ email: ' Ines@Example.com ', username: 'Ines' });

    expect(
      (await logins()).filter(({ staff_id }) => Number(staff_id) === id).map(({ login }) => login),
    ).toEqual(['ines', 'ines@example.com']);
    const entered = await shop.db.read(
      ({ sql }) => sql`SELECT store_id FROM memberships WHERE staff_id = ${id}`,
    );
    expect(entered).toEqual([{ store_id: shop.tenant.storeId }]);
  });

  it('needs no user name', async () => {
    const id = await hire({ email: 'only@example.com', username: null });

    expect((await logins()).filter(({ staff_id }) => Number(staff_id) === id)).toHaveLength(1);
  });

  it('cannot take another’s login, of whichever merchant, nor learn whose it is', async () => {
    await hire({});
    const stranger = await openShop(test.database);
    const elsewhere = { storeIds: [stranger.tenant.storeId] };
    const before = await logins();

    for (const taken of [
      { email: 'ADA@example.com', username: 'other' },
      { email: 'other@example.com', username: 'ada' },
    ]) {
      await expect(hire(taken)).rejects.toMatchObject({ code: 'LOGIN_TAKEN' });
      await expect(hire({ ...taken, ...elsewhere }, stranger)).rejects.toMatchObject({ code: 'LOGIN_TAKEN' });
    }
    expect(await logins()).toEqual(before);
  });

  it('cannot be given a store of another merchant', async () => {
    const stranger = await openShop(test.database);
    const foreign = hire({ email: 'spy@example.com', username: 'spy', storeIds: [stranger.tenant.storeId] });

    await expect(foreign).rejects.toThrow(/foreign key/);
  });
});
