import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pool } from '#core/db/pool.ts';
import type { TenantTx } from '#core/db/tenant.ts';
import { DomainError } from '#core/values/domain-error.ts';
import type { MerchantId } from '#core/values/ids.ts';
import { createMerchant, testDatabase, type TestDatabase, type TestMerchant } from '../support/database.ts';

const TENANTS = 20;
const STEPS = 400;

let one: TestDatabase;
let two: TestDatabase;
beforeAll(async () => {
  [one, two] = await Promise.all([testDatabase({ poolSize: 1 }), testDatabase({ poolSize: 2 })]);
});
afterAll(() => Promise.all([one.close(), two.close()]));

describe('a pooled connection', () => {
  it.each(['commits', 'fails'])('keeps nothing of a tenant whose transaction %s', async (end) => {
    const { merchantId, storeId } = await createMerchant(one.admin);
    const bound = await one.database
      .tenant({ merchantId, storeId })
      .write(async ({ sql }) => {
        const settings = await settingsOf(sql);
        if (end === 'fails') throw new Bound(settings);
        return settings;
      })
      .catch((error: unknown) => (error instanceof Bound ? error.settings : Promise.reject(error)));
    expect(bound).toEqual({
      merchant: String(merchantId),
      store: String(storeId),
      connection: bound.connection,
    });

    const after = await settingsOf(one.database.directory);
    expect(after).toEqual({ merchant: null, store: null, connection: bound.connection });
  });

  it('does not narrow the next tenant to the store of the last', async () => {
    const [a, b] = [await createMerchant(one.admin), await createMerchant(one.admin)];
    await one.database.tenant(a).read(({ sql }) => settingsOf(sql));
    const { merchant, store } = await one.database
      .tenant({ merchantId: b.merchantId, storeId: null })
      .read(({ sql }) => settingsOf(sql));
    expect({ merchant, store }).toEqual({ merchant: String(b.merchantId), store: null });
  });

  it('answers no handle whose transaction has ended, because another tenant has the connection', async () => {
    const [a, b] = [await createMerchant(one.admin), await createMerchant(one.admin)];
    let kept: TenantTx | null = null;
    await one.database.tenant(a).write(async (tx) => void (kept = tx));
    const seen = one.database.tenant(b).write(() => merchantsSeen(kept as unknown as TenantTx));
    await expect(seen).rejects.toThrow(/within the transaction only/);
  });
});

describe('a transaction whose connection is lost between two statements', () => {
  it('is told so instead of going on outside of itself, and the next one is served', async () => {
    const tenant = await createMerchant(one.admin);
    const lost = one.database.tenant(tenant).write(async (tx) => {
      const { connection } = await settingsOf(tx.sql);
      await one.admin`SELECT pg_terminate_backend(${connection}, 5000)`;
      await new Promise(setImmediate);
      await merchantsSeen(tx);
    });
    await expect(lost).rejects.toMatchObject({ code: 'UNAVAILABLE' });

    const next = one.database.tenant(tenant).write(merchantsSeen);
    await expect(next).resolves.toEqual([tenant.merchantId]);
  });
});

/** What a transaction does after it has read and written a row of its tenant. */
const ENDS = {
  commits: async () => undefined,
  throws: async () => {
    throw new Error('the work threw');
  },
  'sends a wrong statement': ({ sql }) => sql`SELECT 1 / 0`,
  'is told to try again': ({ sql }) => sql`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$`,
  'loses its connection': ({ sql }) => sql`SELECT pg_terminate_backend(pg_backend_pid())`,
  'leaves a statement behind': async ({ sql }) => {
    const late = sql`SELECT pg_sleep(0.001)`.then(() => sql`SELECT FROM orders`);
    late.catch(() => undefined);
    throw new Error('did not wait');
  },
} satisfies Record<string, (tx: TenantTx) => PromiseLike<unknown>>;

type End = keyof typeof ENDS;

const OFTEN_COMMITS: readonly End[] = [...(Object.keys(ENDS) as End[]), ...Array<End>(8).fill('commits')];

describe(`${TENANTS} tenants on two connections`, () => {
  it('never see or write for one another, and keep what they were told is kept, however their transactions end', async () => {
    const tenants = await Promise.all(Array.from({ length: TENANTS }, () => createMerchant(two.admin)));
    const step = fc.record({ tenant: fc.constantFrom(...tenants), end: fc.constantFrom(...OFTEN_COMMITS) });
    const seed = Date.now();
    const steps = fc.sample(step, { seed, numRuns: STEPS });
    const outcomes = await Promise.all(steps.map(({ tenant, end }, nth) => act(tenant, end, `step-${nth}`)));

    const committed = steps.flatMap(({ tenant }, nth) =>
      outcomes[nth] === 'committed' ? [`${tenant.merchantId} step-${nth}`] : [],
    );
    const kept = await two.admin<{ row: string }[]>`SELECT merchant_id || ' ' || slug AS row FROM categories`;
    expect(kept.map(({ row }) => row).toSorted(), `seed ${seed}`).toEqual(committed.toSorted());
    expect(committed.length, `seed ${seed}`).toBeGreaterThan(STEPS / 3);
    expect(wronglyTold(steps, outcomes), `seed ${seed}`).toEqual([]);
  });
});

/** A whole transaction may be told that the database is away, because another one broke the connection; anything else is a mistake. */
function wronglyTold(steps: readonly { end: End }[], outcomes: readonly string[]): string[] {
  return steps.flatMap(({ end }, nth) => {
    const expected = end === 'commits' ? ['committed', 'UNAVAILABLE'] : ['refused', 'UNAVAILABLE'];
    return expected.includes(outcomes[nth] ?? '') ? [] : [`step ${nth} ${end}: ${outcomes[nth]}`];
  });
}

/** How the transaction ended for its caller. Throws when it saw another's row. */
async function act({ merchantId }: TestMerchant, end: End, mark: string): Promise<string> {
  let seen: MerchantId[] = [];
  const outcome = await two.database
    .tenant({ merchantId, storeId: null })
    .write(async (tx) => {
      await tx.sql`INSERT INTO categories (merchant_id, slug, name) VALUES (${merchantId}, ${mark}, ${mark})`;
      seen = await merchantsSeen(tx);
      await ENDS[end](tx);
    })
    .then(
      () => 'committed',
      (error: unknown) => (error instanceof DomainError ? error.code : 'refused'),
    );
  if (seen.some((id) => id !== merchantId)) throw new Error(`${mark} of ${merchantId} saw rows of ${seen}`);
  return outcome;
}

/** Asks without naming the merchant: only row security answers. */
async function merchantsSeen({ sql }: TenantTx): Promise<MerchantId[]> {
  const rows = await sql<{ merchant_id: MerchantId }[]>`SELECT DISTINCT merchant_id FROM staff`;
  return rows.map(({ merchant_id }) => merchant_id);
}

interface Settings {
  readonly merchant: string | null;
  readonly store: string | null;
  readonly connection: number;
}

class Bound extends Error {
  readonly settings: Settings;

  constructor(settings: Settings) {
    super('bound');
    this.settings = settings;
  }
}

async function settingsOf(sql: Pool): Promise<Settings> {
  const [row] = await sql<Settings[]>`
    SELECT NULLIF(current_setting('app.merchant_id', true), '') AS merchant, NULLIF(current_setting('app.store_id', true), '') AS store,
      pg_backend_pid() AS connection`;
  if (!row) throw new Error('settings: expected one row, received none');
  return row;
}
