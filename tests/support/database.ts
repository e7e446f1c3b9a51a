import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { rolePassword, type RoleName } from '#core/db/roles.ts';
import { openDatabase, type Database, type DatabaseOptions } from '#core/db/database.ts';
import type { MerchantId, StaffId, StoreId } from '#core/values/ids.ts';

const POOL_SIZE = 10;

/** A database of its own for one test file: migrated, empty, and gone after `close`. */
export interface TestDatabase {
  readonly database: Database;
  /** A superuser's connection, for fixtures and for looking behind the walls. */
  readonly admin: postgres.Sql;
  readonly adminUrl: string;
  /** What a server process takes as its database, with the secret that its roles' passwords derive from. */
  readonly url: string;
  readonly secret: string;
  /** Makes the database unreachable, ending its connections, until the returned function is called. */
  cutOff(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Copies the migrated template, by files: to log each page takes eight times as long. `options` override those of `openDatabase`, e.g. `onCommit`. */
export async function testDatabase(options: Partial<DatabaseOptions> = {}): Promise<TestDatabase> {
  const { adminUrl, template, secret } = inject('testServer');
  const name = `storeflow_test_${randomBytes(6).toString('hex')}`;
  await onServer(
    adminUrl,
    (sql) => sql`CREATE DATABASE ${sql(name)} TEMPLATE ${sql(template)} STRATEGY FILE_COPY`,
  );
  const url = new URL(adminUrl);
  url.pathname = name;
  const admin = postgres(url.href, { max: 2, onnotice: () => undefined });
  const database = openDatabase({
    url: url.href,
    secret,
    poolSize: POOL_SIZE,
    listenersOf: () => [],
    onCommit: () => undefined,
    ...options,
  });
  return {
    database,
    admin,
    adminUrl: url.href,
    url: url.href,
    secret,
    cutOff: async () => {
      await onServer(adminUrl, async (sql) => {
        await sql`ALTER DATABASE ${sql(name)} WITH ALLOW_CONNECTIONS false`;
        await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${name}`;
      });
      return () => onServer(adminUrl, (sql) => sql`ALTER DATABASE ${sql(name)} WITH ALLOW_CONNECTIONS true`);
    },
    close: async () => {
      await Promise.all([database.close(), admin.end()]);
      await onServer(adminUrl, (sql) => sql`DROP DATABASE ${sql(name)} WITH (FORCE)`);
    },
  };
}

/** A bare connection of one of the roles, for what the server's handles do not let through. End it before the database. */
export function connectAs({ url, secret }: TestDatabase, role: RoleName): postgres.Sql {
  const password = rolePassword(secret, role);
  return postgres(url, { user: role, password, max: 1, onnotice: () => undefined });
}

export interface TestMerchant {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly staffId: StaffId;
  readonly sessionId: number;
}

/** A merchant with one store and an owner who is signed in: the least that tenant rows can refer to. */
export async function createMerchant(admin: postgres.Sql): Promise<TestMerchant> {
  const mark = randomBytes(4).toString('hex');
  const [merchant] = await admin<{ id: number }[]>`
    INSERT INTO merchants (name) VALUES (${`Merchant ${mark}`}) RETURNING id::int`;
  const merchantId = (merchant?.id ?? 0) as MerchantId;
  const [row] = await admin<{ store_id: StoreId; staff_id: StaffId; session_id: number }[]>`
    WITH store AS (
      INSERT INTO stores (merchant_id, slug, name, currency, country, timezone)
      VALUES (${merchantId}, ${`store-${mark}`}, 'Store', 'AUD', 'AU', 'Australia/Melbourne') RETURNING id
    ), owner AS (
      INSERT INTO staff (merchant_id, name, email, password_hash, role)
      VALUES (${merchantId}, 'Owner', ${`owner-${mark}@example.com`}, 'none', 'owner') RETURNING id
    ), session AS (
      INSERT INTO staff_sessions (merchant_id, staff_id, fingerprint, expires_at)
      SELECT ${merchantId}, id, 'test', now() + interval '1 day' FROM owner RETURNING id
    )
    SELECT store.id::int AS store_id, owner.id::int AS staff_id, session.id::int AS session_id FROM store, owner, session`;
  if (!row) throw new Error('createMerchant: expected one row, received none');
  return { merchantId, storeId: row.store_id, staffId: row.staff_id, sessionId: row.session_id };
}

async function onServer(adminUrl: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
