import { checkBalances } from '#app/loyalty/check-balances.ts';
import { checkSlots, checkTotals } from '#app/orders/check-orders.ts';
import { checkHolds } from '#app/payments/check-holds.ts';
import { checkUses } from '#app/promotions/check-uses.ts';
import { checkRefunds } from '#app/refunds/check-refunds.ts';
import { checkLookup } from '#app/shipping/check-lookup.ts';
import { checkLevels } from '#app/stock/check-levels.ts';
import type { Comparison, Disagreement } from '#core/db/compare-kept.ts';
import type { Database } from '#core/db/database.ts';
import type { StoreTenant, Tenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import type { MerchantId, StoreId } from '#core/values/ids.ts';

type Checks<Scope extends Tenant> = Readonly<Record<string, (tx: TenantTx<Scope>) => Promise<Comparison>>>;

/** Everything that is kept ready although it could be added up or made anew. */
const OF_STORES: Checks<StoreTenant> = {
  'stock levels': checkLevels,
  'pieces held by ended payments': checkHolds,
  'times for pickup': checkSlots,
  'uses of promotion codes': checkUses,
  'shipping lookups': checkLookup,
  'order totals': checkTotals,
  'refunded amounts': checkRefunds,
};
const OF_MERCHANTS: Checks<Tenant> = { 'loyalty balances': checkBalances };

/** Of a check, so many disagreements are told. */
const TOLD_MAX = 10;

/** What a check found in all stores, or of all merchants. */
export interface Verdict {
  readonly check: string;
  readonly checked: number;
  readonly wrong: number;
  /** The first of those that disagree, and where they are. */
  readonly first: readonly (Disagreement & { readonly where: string })[];
}

/** Holds what is kept ready against its source, for all merchants; each store as it is at one moment. Changes nothing. */
export async function verify(database: Database): Promise<Verdict[]> {
  const names = [...Object.keys(OF_STORES), ...Object.keys(OF_MERCHANTS)];
  const verdicts = new Map(
    names.map((check): [string, Verdict] => [check, { check, checked: 0, wrong: 0, first: [] }]),
  );
  for await (const found of everywhere(database))
    for (const verdict of found) {
      const before = verdicts.get(verdict.check);
      verdicts.set(verdict.check, before ? together(before, verdict) : verdict);
    }
  return [...verdicts.values()];
}

async function* everywhere(database: Database): AsyncGenerator<Verdict[]> {
  let last: MerchantId | null = null;
  for (const { merchantId, storeId, slug } of await stores(database)) {
    if (merchantId !== last)
      yield judge(
        OF_MERCHANTS,
        database.tenant<Tenant>({ merchantId, storeId: null }),
        `merchant ${merchantId}`,
      );
    yield judge(OF_STORES, database.tenant({ merchantId, storeId }), slug);
    last = merchantId;
  }
}

/** A store that was renamed is listed under its former names too. */
function stores({ directory }: Database) {
  return directory<{ merchantId: MerchantId; storeId: StoreId; slug: string }[]>`
    SELECT merchant_id AS "merchantId", store_id AS "storeId", min(slug) AS slug FROM directory_stores
    GROUP BY merchant_id, store_id ORDER BY merchant_id, store_id`;
}

function judge<Scope extends Tenant>(
  checks: Checks<Scope>,
  db: TenantDb<Scope>,
  where: string,
): Promise<Verdict[]> {
  return db.snapshot(async (tx) => {
    const verdicts: Verdict[] = [];
    for (const [check, compare] of Object.entries(checks)) {
      const { first, ...counts } = await compare(tx);
      verdicts.push({ check, ...counts, first: first.map((each) => ({ ...each, where })) });
    }
    return verdicts;
  });
}

function together(one: Verdict, other: Verdict): Verdict {
  return {
    check: one.check,
    checked: one.checked + other.checked,
    wrong: one.wrong + other.wrong,
    first: [...one.first, ...other.first].slice(0, TOLD_MAX),
  };
}
