import { createHash } from 'node:crypto';
import { DomainError } from '#core/values/domain-error.ts';
import type { StoreTenant, TenantTx } from './tenant.ts';

/** A caller's promise that requests with this key are one request. */
export interface IdempotencyKey {
  readonly route: string;
  readonly principal: string;
  readonly key: string;
  /** Hash of the request; the same key with another request is a mistake. */
  readonly fingerprint: string;
}

/** `first`: this transaction is the request. Otherwise: what the first one made, by its token. */
export type Claim = { readonly first: true } | { readonly first: false; readonly reference: string };

interface KeyRow {
  first: boolean;
  fingerprint: string;
  reference: string;
}

/**
 * Claims the key for what the transaction will make, named by `reference`, in that same transaction. A concurrent twin waits here on the
 * unique index until the first one ends, then finds its reference (or, if it rolled back, is the first itself). The update changes
 * nothing: it makes the row of a finished twin visible. Throws IDEMPOTENCY_KEY_REUSED for another request under a known key.
 */
export async function claimKey(
  { sql, tenant }: TenantTx<StoreTenant>,
  key: IdempotencyKey,
  reference: string,
): Promise<Claim> {
  const [row] = await sql<KeyRow[]>`
    INSERT INTO idempotency_keys AS kept (merchant_id, store_id, route, principal, key, fingerprint, reference)
    VALUES (${tenant.merchantId}, ${tenant.storeId}, ${key.route}, ${key.principal}, ${key.key}, ${key.fingerprint}, ${reference})
    ON CONFLICT (merchant_id, store_id, route, principal, key) DO UPDATE SET fingerprint = kept.fingerprint
    RETURNING (xmax = 0) AS first, fingerprint, reference`;
  if (!row || row.first) return { first: true };
  if (row.fingerprint !== key.fingerprint) {
    throw new DomainError('IDEMPOTENCY_KEY_REUSED', 'This key was used for a request with another content.');
  }
  return { first: false, reference: row.reference };
}

/** Whether what is asked for is still to be done: there is no key, or this is the first request under it. */
export async function isToBeDone(tx: TenantTx<StoreTenant>, key: IdempotencyKey | null): Promise<boolean> {
  return key === null || (await claimKey(tx, key, key.route)).first;
}

/** A hash of a JSON value that does not depend on the order of members. */
export function fingerprintOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('base64url');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { members: members.map(([key, member]) => [key, sorted(member)]) };
}
