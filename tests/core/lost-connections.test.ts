import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '#core/db/database.ts';
import type { TenantDb, TenantTx } from '#core/db/tenant.ts';
import { createMerchant, testDatabase, type TestDatabase, type TestMerchant } from '../support/database.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const SIZE = 4;
/** Far above what a statement takes on a busy machine. */
const DEADLINE_MS = 1_000;

let test: TestDatabase;
let network: TcpProxy;
let database: Database;
let merchant: TestMerchant;
let db: TenantDb;
beforeAll(async () => {
  test = await testDatabase();
  merchant = await createMerchant(test.admin);
  network = await startTcpProxy([Number(new URL(test.url).port)]);
  database = throughNetwork();
  db = database.tenant({ merchantId: merchant.merchantId, storeId: null });
});
afterAll(async () => {
  await database.close();
  await network.close();
  await test.close();
});
afterEach(async () => {
  network.setDown(false);
  network.setFrozen(false);
  // Whatever a test did, the next begins with every connection at work.
  await allMeet();
});

function throughNetwork(): Database {
  const url = Object.assign(new URL(test.url), { hostname: '127.0.0.1', port: String(network.port) });
  return openDatabase({
    url: url.href,
    secret: test.secret,
    poolSize: SIZE,
    deadlineMs: DEADLINE_MS,
    listenersOf: () => [],
    onCommit: () => undefined,
  });
}

/** As many transactions as there are connections, each of which waits for the others: one connection less, and none ends. */
async function allMeet(): Promise<void> {
  let missing = SIZE;
  const met = Promise.withResolvers<void>();
  const meeting = db.read.bind(db, async ({ sql }: TenantTx) => {
    await sql`SELECT 1`;
    missing -= 1;
    if (missing === 0) met.resolve();
    await met.promise;
  });
  await Promise.all(Array.from({ length: SIZE }, meeting));
}

const quick = () => codeOf(db.read(({ sql }) => sql`SELECT 1`));
/** Runs for longer than anyone waits, under a name by which it is found on the server. */
const long = (name: string) =>
  codeOf(db.read(({ sql }) => sql`SELECT pg_sleep(5), ${name}::text AS ${sql(name)}`));
const statement = () => codeOf(database.directory`SELECT 1`);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );
const unavailable = (count: number) => Array.from({ length: count }, () => 'UNAVAILABLE');

describe('every connection is at work again', () => {
  it('after many were refused while the database was down', async () => {
    network.setDown(true);
    for (let round = 0; round < 10; round++) {
      const refused = Array.from({ length: 10 }, () => quick());
      expect(await Promise.all(refused)).toEqual(unavailable(10));
    }
    network.setDown(false);
    await allMeet();
  });

  it('after their sockets were reset in the middle of transactions', async () => {
    const cut = Array.from({ length: SIZE * 2 }, () => long('cut'));
    await busy(SIZE, 'cut');
    network.setDown(true);
    expect(await Promise.all(cut)).toEqual(unavailable(SIZE * 2));
    network.setDown(false);
    await allMeet();
  });

  it('after the server ended them in the middle of transactions, and between', async () => {
    const ended = Array.from({ length: SIZE }, () => long('ended'));
    await busy(SIZE, 'ended');
    await endAll();
    expect(await Promise.all(ended)).toEqual(unavailable(SIZE));
    await allMeet();
    await endAll();
    await expect.poll(quick).toBe('done');
    await allMeet();
  });

  it('after the network was silent for longer than the deadline', async () => {
    network.setFrozen(true);
    const silent = Array.from({ length: SIZE * 2 }, () => quick());
    expect(await Promise.all(silent)).toEqual(unavailable(SIZE * 2));
    network.setFrozen(false);
    await allMeet();
  });

  it('after they fell silent for ever, while new ones work', async () => {
    await allMeet();
    network.forget();
    expect(await Promise.all(Array.from({ length: SIZE }, () => quick()))).toEqual(unavailable(SIZE));
    await allMeet();
  });

  it('after work that never ended', async () => {
    const endless = Array.from({ length: SIZE }, () => codeOf(db.read(() => new Promise(() => undefined))));
    expect(await Promise.all(endless)).toEqual(unavailable(SIZE));
    await allMeet();
  });
});

describe('a statement without a tenant', () => {
  it('is refused while the database is down or silent, and answered after', async () => {
    network.setDown(true);
    expect(await Promise.all(Array.from({ length: 10 }, statement))).not.toContain('done');
    network.setDown(false);
    expect(await statement()).toBe('done');
    network.setFrozen(true);
    expect(await Promise.all(Array.from({ length: SIZE }, statement))).toEqual(unavailable(SIZE));
    network.setFrozen(false);
    expect(await statement()).toBe('done');
  });

  it('is never answered with what another one asked for, whatever breaks', async () => {
    const answers: unknown[] = [];
    for (let round = 0; round < 30; round++) {
      const asked = Array.from({ length: 20 }, async (_, nth) => {
        const [row] = await database.directory<{ nth: number }[]>`SELECT ${nth}::int AS nth, pg_sleep(0.001)`;
        answers.push(row?.nth === nth);
      });
      if (round % 3 === 0) network.cutOne(Math.random());
      if (round % 10 === 0) network.cutAll();
      await Promise.allSettled(asked);
    }
    expect(answers.length).toBeGreaterThan(100);
    expect(new Set(answers)).toEqual(new Set([true]));
  });
});

const slugs = async () => (await test.admin`SELECT slug FROM categories`).map(({ slug }) => slug);

function write(slug: string, until: Promise<unknown>, handle = db): Promise<void> {
  return handle.write(async ({ sql }) => {
    await sql`INSERT INTO categories (merchant_id, slug, name) VALUES (${merchant.merchantId}, ${slug}, 'A')`;
    await until;
  });
}

describe('work whose time is over', () => {
  it('is not committed when it ends after all', async () => {
    const late = Promise.withResolvers<void>();
    expect(await codeOf(write('late', late.promise))).toBe('UNAVAILABLE');
    late.resolve();
    await allMeet();
    expect(await slugs()).not.toContain('late');
  });
});

describe('closing', () => {
  it('lets what is under way finish, and refuses what comes after', async () => {
    const closing = throughNetwork();
    const tenant = closing.tenant({ merchantId: merchant.merchantId, storeId: null });
    const end = Promise.withResolvers<void>();
    const underWay = ['one', 'two'].map((slug) => codeOf(write(slug, end.promise, tenant)));
    await expect
      .poll(async () => (await sessions()).filter(({ state }) => state === 'idle in transaction'))
      .toHaveLength(2);
    const closed = closing.close();
    expect(await codeOf(write('three', end.promise, tenant))).toBe('UNAVAILABLE');
    end.resolve();
    expect(await Promise.all(underWay)).toEqual(['done', 'done']);
    await closed;
    expect((await slugs()).filter((slug) => slug !== 'late').toSorted()).toEqual(['one', 'two']);
  });
});

/** Waits until so many statements of that name are running. */
async function busy(count: number, name: string): Promise<void> {
  const running = async () =>
    (await sessions()).filter(({ state, query }) => state === 'active' && query.includes(`"${name}"`));
  await expect.poll(running).toHaveLength(count);
}

function sessions(): Promise<{ pid: number; state: string; query: string }[]> {
  return test.admin`
    SELECT pid, state, query FROM pg_stat_activity WHERE usename = 'storeflow_app' AND datname = current_database()`;
}

async function endAll(): Promise<void> {
  for (const { pid } of await sessions()) await test.admin`SELECT pg_terminate_backend(${pid})`;
}
