import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { buildShippingLookup } from './shipping-lookup.ts';
import { shippingRules } from './shipping-queries.ts';

/**
 * Runs a change of the store's shipping rules and makes the lookup anew that quotes read, in the same transaction. The lookup is locked
 * first, so that changes take turns: none can build a lookup without what another has just committed.
 */
export async function changeShippingRules(
  tx: TenantTx<StoreTenant>,
  change: () => Promise<void>,
): Promise<void> {
  await beginVersion(tx);
  await change();
  await keepLookup(tx);
}

/** Versions also grow with the clock: a database restored from a backup must not give a number again that some process remembers. */
async function beginVersion({ sql, tenant }: TenantTx<StoreTenant>): Promise<void> {
  await sql`
    INSERT INTO shipping_lookups AS kept (merchant_id, store_id, version, rules)
    VALUES (${tenant.merchantId}, ${tenant.storeId}, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, '{}')
    ON CONFLICT (merchant_id, store_id) DO UPDATE SET version = greatest(kept.version + 1, excluded.version)`;
}

async function keepLookup(tx: TenantTx<StoreTenant>): Promise<void> {
  const { sql, tenant } = tx;
  const lookup = buildShippingLookup(await shippingRules(tx));
  await sql`
    UPDATE shipping_lookups SET rules = ${sql.json(lookup as never)}
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}`;
}
