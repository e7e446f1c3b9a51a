import type { Database } from '#core/db/database.ts';
import type { StoreTenant, Tenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import { newSecret, secretHash } from '#core/security/secret-token.ts';
import { opaqueId, type ApiKeyId, type MerchantId, type StaffId, type StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { KEY_SCOPES, type StaffAbility } from './abilities.ts';
import type { AtStore } from './staff-sessions.ts';
import type { ApiKey } from './staff-view.ts';

/** By which a secret that was published by mistake can be searched for. */
const SECRET_PREFIX = 'sfk_';
/** Of a merchant, besides those that were revoked or have expired: each may call so and so often. */
const KEYS_MAX = 100;
/** `last_used_at` is renewed no more often than this, so that reading seldom writes. In seconds. */
const USED_PRECISION_S = 60;

type Act = Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;

export interface NewApiKey {
  readonly name: string;
  readonly storeId: StoreId;
  readonly scopes: readonly StaffAbility[];
  readonly expiresAt: Date | null;
  readonly createdBy: StaffId;
  readonly act: Act;
}

/** A program that works at a store, with what its key may do there. */
export interface KeyHolder extends AtStore {
  readonly keyId: ApiKeyId;
}

export interface ApiKeyRow {
  id: ApiKeyId;
  name: string;
  store_id: StoreId;
  store_name: string;
  scopes: StaffAbility[];
  created_by: string;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

/** Makes a key for one store; answers its secret, which is kept nowhere. Refuses TOO_MANY_API_KEYS. */
export async function createApiKey(
  tx: TenantTx<Tenant>,
  key: NewApiKey,
): Promise<{ id: ApiKeyId; secret: string }> {
  const { name, storeId, scopes, expiresAt, act } = key;
  if (expiresAt !== null && expiresAt <= act.at) throw expiredAlready(expiresAt);
  await refuseMore(tx);
  const secret = SECRET_PREFIX + newSecret();
  const id = await insertKey(tx, key, secret);
  await writeAudit(tx, {
    ...act,
    action: 'api_key.created',
    entity: 'api_key',
    entityId: id,
    before: null,
    after: { name, store: opaqueId('st', storeId), scopes, expires_at: expiresAt?.toISOString() ?? null },
  });
  return { id, secret };
}

/** Counted under the merchant's lock: of two at once, one could be too many. */
async function refuseMore({ sql, tenant }: TenantTx<Tenant>): Promise<void> {
  await sql`SELECT FROM merchants WHERE id = ${tenant.merchantId} FOR NO KEY UPDATE`;
  const living = await sql`
    SELECT FROM api_keys WHERE merchant_id = ${tenant.merchantId} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;
  if (living.length < KEYS_MAX) return;
  throw refusal('TOO_MANY_API_KEYS', `Expected at most ${KEYS_MAX} keys; revoke one that is not used.`);
}

async function insertKey(
  { sql, tenant }: TenantTx<Tenant>,
  { name, storeId, scopes, expiresAt, createdBy, act }: NewApiKey,
  secret: string,
): Promise<ApiKeyId> {
  const [row] = await sql<{ id: ApiKeyId }[]>`
    WITH key AS (
      INSERT INTO api_keys (merchant_id, store_id, name, created_by, created_at, expires_at)
      VALUES (${tenant.merchantId}, ${storeId}, ${name}, ${createdBy}, ${act.at}, ${expiresAt}) RETURNING merchant_id, store_id, id
    ), listed AS (
      INSERT INTO directory_api_keys (token_hash, merchant_id, store_id, key_id)
      SELECT ${secretHash(secret)}, merchant_id, store_id, id FROM key
    ), scoped AS (
      INSERT INTO api_key_scopes (merchant_id, store_id, key_id, scope)
      SELECT merchant_id, store_id, id, unnest(${[...scopes]}::text[]) FROM key
    )
    SELECT id FROM key`;
  if (!row) throw new Error('api_keys: the insert returned no row');
  return row.id;
}

/** The merchant's keys, the newest first, revoked ones too, one more than the limit. */
export async function apiKeys(
  { sql, tenant }: TenantTx<Tenant>,
  { before, limit }: { before: number; limit: number },
): Promise<ApiKeyRow[]> {
  return sql<ApiKeyRow[]>`
    SELECT api_keys.id, api_keys.name, store_id, stores.name AS store_name, staff.name AS created_by, api_keys.created_at,
      expires_at, last_used_at, revoked_at,
      (SELECT jsonb_agg(scope ORDER BY scope) FROM api_key_scopes AS its
       WHERE its.merchant_id = api_keys.merchant_id AND its.store_id = api_keys.store_id AND key_id = api_keys.id) AS scopes
    FROM api_keys
    JOIN stores ON stores.merchant_id = api_keys.merchant_id AND stores.id = store_id
    JOIN staff ON staff.merchant_id = api_keys.merchant_id AND staff.id = created_by
    WHERE api_keys.merchant_id = ${tenant.merchantId} AND api_keys.id < ${before}
    ORDER BY api_keys.id DESC LIMIT ${limit + 1}`;
}

/** Ends a key at once. The row stays: what was done with it keeps its name. */
export async function revokeApiKey(tx: TenantTx<Tenant>, id: ApiKeyId | null, act: Act): Promise<void> {
  const revoked = await revoke(tx, tx.sql`id = ${id}::bigint`, act);
  if (revoked === 0) throw refusal('API_KEY_NOT_FOUND', 'There is no key with this id that is not revoked.');
}

/** Ends the keys that a person made, because they may make none any more: whoever left does not come in by them. */
export async function revokeKeysOf(tx: TenantTx<Tenant>, staffId: StaffId, act: Act): Promise<void> {
  await revoke(tx, tx.sql`created_by = ${staffId}`, act);
}

/** How many were not revoked before. */
async function revoke(tx: TenantTx<Tenant>, which: ReturnType<TenantTx['sql']>, act: Act): Promise<number> {
  const { sql, tenant } = tx;
  const revoked = await sql<{ id: ApiKeyId; name: string }[]>`
    WITH revoked AS (
      UPDATE api_keys SET revoked_at = ${act.at} WHERE merchant_id = ${tenant.merchantId} AND ${which} AND revoked_at IS NULL
      RETURNING merchant_id, store_id, id, name
    ), closed AS (
      DELETE FROM directory_api_keys AS door USING revoked
      WHERE (door.merchant_id, door.store_id, door.key_id) = (revoked.merchant_id, revoked.store_id, revoked.id)
    )
    SELECT id, name FROM revoked ORDER BY id`;
  const what = { action: 'api_key.revoked', entity: 'api_key', after: null };
  if (revoked.length > 0)
    await writeAudit(
      tx,
      ...revoked.map(({ id, name }) => ({ ...act, ...what, entityId: id, before: { name } })),
    );
  return revoked.length;
}

/** Who holds this secret, or null when there is no such key, or not any more. */
export async function keyHolder(database: Database, secret: string): Promise<KeyHolder | null> {
  const [found] = await database.directory<
    { merchant_id: MerchantId; store_id: StoreId; key_id: ApiKeyId }[]
  >`
    SELECT merchant_id, store_id, key_id FROM directory_api_keys WHERE token_hash = ${secretHash(secret)}`;
  if (!found) return null;
  const tenant = { merchantId: found.merchant_id, storeId: found.store_id };
  const db = database.tenant(tenant);
  const key = await db.read((tx) => livingKey(tx, found.key_id));
  if (!key) return null;
  if (key.stale) await db.write((tx) => markUsed(tx, found.key_id));
  const abilities = KEY_SCOPES.filter((ability) => key.scopes.includes(ability));
  return { ...tenant, keyId: found.key_id, name: key.name, abilities };
}

interface LivingKey {
  name: string;
  scopes: string[];
  stale: boolean;
}

async function livingKey(
  { sql, tenant }: TenantTx<StoreTenant>,
  id: ApiKeyId,
): Promise<LivingKey | undefined> {
  const [row] = await sql<LivingKey[]>`
    SELECT name, coalesce(last_used_at < now() - make_interval(secs => ${USED_PRECISION_S}), true) AS stale,
      (SELECT jsonb_agg(scope) FROM api_key_scopes AS its
       WHERE its.merchant_id = api_keys.merchant_id AND its.store_id = api_keys.store_id AND key_id = api_keys.id) AS scopes
    FROM api_keys
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id}
      AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;
  return row;
}

async function markUsed({ sql, tenant }: TenantTx<StoreTenant>, id: ApiKeyId): Promise<void> {
  await sql`
    UPDATE api_keys SET last_used_at = now()
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id}`;
}

export function apiKeyView(row: ApiKeyRow): ApiKey {
  const { id, store_id, store_name, created_at, expires_at, last_used_at, revoked_at, ...rest } = row;
  return {
    ...rest,
    id: opaqueId('ak', id),
    store: { id: opaqueId('st', store_id), name: store_name },
    created_at: created_at.toISOString(),
    expires_at: expires_at?.toISOString() ?? null,
    last_used_at: last_used_at?.toISOString() ?? null,
    revoked_at: revoked_at?.toISOString() ?? null,
  };
}

function expiredAlready(expiresAt: Date) {
  return refusal('VALIDATION_FAILED', `Expected a time to come, received ${expiresAt.toISOString()}.`, {
    errors: { expires_at: ['must be in the future'] },
  });
}
