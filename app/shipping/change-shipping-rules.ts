import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { AuditEntry } from '#core/security/audit.ts';
import { refusal } from '../errors.ts';
import { storeUpdated } from '../stores/store-updated.ts';
import { buildShippingLookup } from './shipping-lookup.ts';
import { shippingRules } from './shipping-queries.ts';

export interface RulesChange {
  /** The version that the person was looking at; left out by those who replace whatever there is. */
  readonly version?: number;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

/**
 * Runs a change of the store's shipping rules, makes the lookup anew that quotes read, and says that the store changed, in the same
 * transaction. The lookup is locked first, so that changes take turns: none can build a lookup without what another has just committed.
 * Refuses SHIPPING_CHANGED when the rules are no longer of the given version.
 */
export async function changeShippingRules<Result>(
  tx: TenantTx<StoreTenant>,
  { version, act: { actor, at } }: RulesChange,
  change: () => Promise<Result>,
): Promise<Result> {
  const current = await lockRules(tx);
  if (version !== undefined && version !== current) {
    throw refusal(
      'SHIPPING_CHANGED',
      `The shipping rules were changed meanwhile: expected version ${version}, it is ${current}.`,
      { version: current },
    );
  }
  const result = await change();
  await keepLookup(tx);
  await storeUpdated(tx, { changed: 'shipping', actor, at });
  return result;
}

/** Answers the version: 0 when the store had no rules yet. */
async function lockRules({ sql, tenant }: TenantTx<StoreTenant>): Promise<number> {
  const [row] = await sql<{ version: number }[]>`
    INSERT INTO shipping_lookups AS kept (merchant_id, store_id, version, rules)
    VALUES (${tenant.merchantId}, ${tenant.storeId}, 0, '{}')
    ON CONFLICT (merchant_id, store_id) DO UPDATE SET version = kept.version RETURNING version`;
  return row?.version ?? 0;
}

/** Versions also grow with the clock: a database restored from a backup must not give a number again that some process remembers. */
async function keepLookup(tx: TenantTx<StoreTenant>): Promise<void> {
  const { sql, tenant } = tx;
  const lookup = buildShippingLookup(await shippingRules(tx));
  await sql`
    UPDATE shipping_lookups SET rules = ${sql.json(lookup as never)}, rate_missed_at = NULL,
      version = greatest(version + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}`;
}
