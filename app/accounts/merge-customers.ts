import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { writeAudit, type Actor } from '#core/security/audit.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { pointsUpdated, type PointsBalance } from '../loyalty/loyalty-events.ts';
import { refusePaymentsUnderWay } from './payments-under-way.ts';

export interface Merge {
  /** Two records of one person, by their tokens. The account stays if one is; the first otherwise. */
  readonly publicId: string;
  readonly otherId: string;
  readonly actor: Actor;
  readonly requestId: string;
  readonly at: Date;
}

interface CustomerRecord {
  id: CustomerId;
  public_id: string;
  has_account: boolean;
  loyalty_points: number;
}

/** Makes one customer of two: orders, points and addresses move, the balances add up. Answers the token of the one that stays. */
export async function mergeCustomers(tx: TenantTx<Tenant>, merge: Merge): Promise<string> {
  const { kept, gone } = await recordsOf(tx, merge);
  await refusePaymentsUnderWay(tx, gone.id);
  await moveHistory(tx, { kept, gone });
  const balance = await joinRecords(tx, { kept, gone });
  const { actor, requestId, at } = merge;
  if (gone.loyalty_points > 0) record(tx, pointsUpdated(balance, { actor, at }));
  await writeAudit(tx, {
    actor,
    requestId,
    at,
    action: 'customer.merged',
    entity: 'customer',
    entityId: kept.id,
    before: { loyalty_points: kept.loyalty_points },
    after: { loyalty_points: kept.loyalty_points + gone.loyalty_points, merged: gone.public_id },
  });
  return kept.public_id;
}

interface Pair {
  readonly kept: CustomerRecord;
  readonly gone: CustomerRecord;
}

/** Locked in the order of ids, as by everyone who locks two; checkouts under way hold theirs, and are waited for. */
async function recordsOf({ sql, tenant }: TenantTx<Tenant>, { publicId, otherId }: Merge): Promise<Pair> {
  if (publicId === otherId)
    throw refusal('VALIDATION_FAILED', 'Expected two customers, received one twice.', {
      errors: { other_id: ['must be another customer'] },
    });
  const rows = await sql<CustomerRecord[]>`
    SELECT id, public_id, password_hash IS NOT NULL AS has_account, loyalty_points FROM customers
    WHERE merchant_id = ${tenant.merchantId} AND public_id = ANY(${[publicId, otherId]}::text[]) AND erased_at IS NULL AND merged_into IS NULL
    ORDER BY id FOR UPDATE`;
  const [first, second] = [publicId, otherId].map((token) => rows.find((row) => row.public_id === token));
  if (!first || !second) throw refusal('CUSTOMER_NOT_FOUND', 'There is no customer with this id.');
  if (first.has_account && second.has_account)
    throw refusal('BOTH_HAVE_ACCOUNTS', 'Two accounts cannot become one: each has a password of its own.');
  return second.has_account ? { kept: second, gone: first } : { kept: first, gone: second };
}

async function moveHistory({ sql, tenant }: TenantTx<Tenant>, { kept, gone }: Pair): Promise<void> {
  const to = sql`SET customer_id = ${kept.id} WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${gone.id}`;
  await sql`UPDATE orders ${to}`;
  await sql`UPDATE promotion_redemptions ${to}`;
  await sql`UPDATE loyalty_ledger ${to}`;
  await sql`UPDATE customer_addresses ${to}`;
}

/** What the kept record lacks comes from the other, which must let go of its e-mail address first: it is unique. */
async function joinRecords({ sql, tenant }: TenantTx<Tenant>, { kept, gone }: Pair): Promise<PointsBalance> {
  const [left] = await sql<{ email: string | null; mobile: string | null; note: string | null }[]>`
    WITH before AS (
      SELECT email, mobile, note FROM customers WHERE merchant_id = ${tenant.merchantId} AND id = ${gone.id}
    ), emptied AS (
      UPDATE customers SET first_name = '', last_name = '', email = NULL, mobile = NULL, note = NULL, loyalty_points = 0,
        loyalty_version = loyalty_version + 1, merged_into = ${kept.id}, version = version + 1
      WHERE merchant_id = ${tenant.merchantId} AND id = ${gone.id}
    )
    SELECT email, mobile, note FROM before`;
  const [balance] = await sql<PointsBalance[]>`
    UPDATE customers SET email = coalesce(email, ${left?.email ?? null}), mobile = coalesce(mobile, ${left?.mobile ?? null}),
      note = left(nullif(concat_ws(E'\n', note, ${left?.note ?? null}::text), ''), 2000),
      loyalty_points = loyalty_points + ${gone.loyalty_points}::int, loyalty_version = loyalty_version + 1, version = version + 1
    WHERE merchant_id = ${tenant.merchantId} AND id = ${kept.id}
    RETURNING public_id, loyalty_points AS points, loyalty_version AS version`;
  if (!balance) throw new Error('customer: the kept record went while it was locked');
  return balance;
}
