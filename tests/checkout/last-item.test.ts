import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line, move } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const BUYERS = 100;
const SIZES = ['S', 'M', 'L'] as const;

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
});
afterAll(() => app.close());
beforeEach(() => fillShelves({ S: 10, M: 10, L: 10 }));

const ofCafe = () => app.admin`store_id = ${shops.cafe.tenant.storeId}`;

/** Sets what the café has of each size, with a ledger that says so. */
async function fillShelves(pieces: Record<(typeof SIZES)[number], number>): Promise<void> {
  await app.admin`DELETE FROM stock_ledger WHERE ${ofCafe()}`;
  for (const [size, count] of Object.entries(pieces)) {
    await app.admin`UPDATE stock_levels SET quantity = ${count} FROM variants WHERE ${ofCafe()} AND variant_id = id AND title = ${size}`;
  }
  await app.admin`
    INSERT INTO stock_ledger (merchant_id, store_id, variant_id, delta, reason)
    SELECT merchant_id, store_id, variant_id, quantity, 'initial' FROM stock_levels WHERE ${ofCafe()} AND quantity > 0`;
}

interface Shelf {
  readonly size: string;
  readonly quantity: number;
  readonly ledger: number;
}

async function shelves(): Promise<Shelf[]> {
  return app.admin<Shelf[]>`
    SELECT title AS size, quantity::int, (SELECT coalesce(sum(delta), 0)::int FROM stock_ledger l
      WHERE l.store_id = level.store_id AND l.variant_id = level.variant_id) AS ledger
    FROM stock_levels level JOIN variants ON variants.id = variant_id WHERE ${ofCafe()} ORDER BY title`;
}

const buy = (items: ReturnType<typeof line>[]) =>
  checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { items }));
const tee = (variant: string, quantity = 1) => line(shops.cafe.products.tee, { variant, quantity });

describe('the last piece', () => {
  it(`goes to one of ${BUYERS} who want it at the same time; the others are told that none is left`, async () => {
    await fillShelves({ S: 10, M: 1, L: 10 });
    const answers = await Promise.all(Array.from({ length: BUYERS }, () => buy([tee('M')])));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(BUYERS - 1);
    expect(new Set(refused.map(({ body }) => body['code']))).toEqual(new Set(['OUT_OF_STOCK']));
    expect((await shelves())[1]).toEqual({ size: 'M', quantity: 0, ledger: 0 });
  });
});

describe('two lines of one variant', () => {
  it('are refused together when the shelf has enough for each alone', async () => {
    const answer = await buy([tee('M', 6), tee('M', 5)]);
    expect(answer).toMatchObject({ status: 409, body: { code: 'OUT_OF_STOCK' } });
    expect(Object.keys(answer.body['errors'] as object)).toEqual(['items.1.quantity']);
    expect((await shelves())[1]).toMatchObject({ quantity: 10, ledger: 10 });
  });

  it('empty the shelf when they add up to what it has', async () => {
    expectStatus(201, await buy([tee('M', 6), tee('M', 4)]));
    expect((await shelves())[1]).toMatchObject({ quantity: 0, ledger: 0 });
  });
});

describe('a cart of which one piece is missing', () => {
  it('takes nothing of the others', async () => {
    expect(await buy([tee('S', 2), tee('L', 11)])).toMatchObject({ status: 409 });
    expect(await shelves()).toMatchObject([{ quantity: 10 }, { quantity: 10 }, { quantity: 10 }]);
  });
});

/** What happens at once: carts in any order of sizes, some of which are cancelled as soon as they are placed. */
const cart = fc.record({
  lines: fc.array(fc.record({ size: fc.constantFrom(...SIZES), quantity: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  cancelled: fc.boolean(),
});

describe('whatever is bought and cancelled at once', () => {
  it('leaves shelves that equal their ledger, are never below zero, and lack what was sold', async () => {
    const stock = fc.record({ S: fc.nat(12), M: fc.nat(12), L: fc.nat(12) });
    await fc.assert(
      fc.asyncProperty(stock, fc.array(cart, { minLength: 5, maxLength: 25 }), async (pieces, carts) => {
        await fillShelves(pieces);
        const kept = await Promise.all(carts.map(buyAndPerhapsCancel));
        for (const { size, quantity, ledger } of await shelves()) {
          const sold = kept.flat().filter((bought) => bought.size === size);
          const missing = sold.reduce((sum, bought) => sum + bought.quantity, 0);
          expect(quantity).toBe(pieces[size as 'S'] - missing);
          expect(ledger).toBe(quantity);
          expect(quantity).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 8 },
    );
  });
});

/** The lines that stay sold. */
async function buyAndPerhapsCancel({
  lines,
  cancelled,
}: typeof cart extends fc.Arbitrary<infer C> ? C : never) {
  const answer = await buy(lines.map(({ size, quantity }) => tee(size, quantity)));
  if (answer.status !== 201) {
    expect(answer.body).toMatchObject({ code: 'OUT_OF_STOCK' });
    return [];
  }
  if (!cancelled) return lines;
  expectStatus(200, await move(manager, { public_id: answer.body.public_id, version: 1 }, 'cancelled'));
  return [];
}
