import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TenantDb } from '#core/db/tenant.ts';
import { createMerchant, testDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;
let db: TenantDb;

beforeAll(async () => {
  test = await testDatabase();
  db = test.database.tenant(await createMerchant(test.admin));
});
afterAll(() => test.close());

/** Hears of its statement later than a neighbour that was sent after it. */
async function throughLayers<Result>(statement: PromiseLike<Result>): Promise<Result> {
  const inner = async () => (await (async () => statement)()) as Result;
  return inner();
}

it('of statements sent together, the one that failed tells why, not those that failed because of it', async () => {
  const work = db.write(({ sql }) => Promise.all([throughLayers(sql`SELECT 1 / 0`), sql`SELECT 1`]));

  await expect(work).rejects.toMatchObject({ code: '22012', message: 'division by zero' });
});

it('a deadlock is retried also when statements behind it are heard first', async () => {
  let attempts = 0;
  const [, row] = await db.write(({ sql }) => {
    attempts += 1;
    const deadlock = sql`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END $$`;
    return Promise.all([attempts === 1 ? throughLayers(deadlock) : null, sql`SELECT 1 AS one`]);
  });

  expect({ attempts, row }).toEqual({ attempts: 2, row: [{ one: 1 }] });
});

it('a full disk is told as unavailable also when statements behind it are heard first', async () => {
  const work = db.write(({ sql }) =>
    Promise.all([
      throughLayers(sql`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$`),
      sql`SELECT 1`,
    ]),
  );

  await expect(work).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
