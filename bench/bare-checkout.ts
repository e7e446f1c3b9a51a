import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { placeOrder } from '#app/checkout/place-order.ts';
import type { Checkout } from '#app/checkout/checkout-schemas.ts';
import { storeConfig } from '#app/stores/store-queries.ts';
import { DRIVER_TYPES } from '#core/db/driver-types.ts';
import { openDatabase } from '#core/db/database.ts';
import { rolePassword } from '#core/db/roles.ts';
import { secretHash } from '#core/security/secret-token.ts';
import { newToken } from '#core/values/ids.ts';
import { uuidv7 } from '#core/values/uuid.ts';
import { checkoutOf } from './order.ts';
import type { BenchServer } from './server.ts';
import type { BenchShop } from './shops.ts';

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The statements of one real checkout with the texts in them that must be new each time. */
interface Recording {
  readonly shop: BenchShop;
  readonly statements: readonly Statement[];
  readonly unique: { readonly token: string; readonly key: string; readonly event: string };
}

/**
 * Workers that run the SQL of checkouts and nothing else: one real checkout per store is recorded, then replayed statement by statement
 * over the same number of connections, with new tokens in place of the recorded ones.
 */
export async function bareCheckouts(server: BenchServer, workers: number) {
  const recordings = await Promise.all(server.shops.map((shop) => record(server, shop)));
  const pool = postgres(server.adminUrl, {
    user: 'storeflow_app',
    password: rolePassword(server.secret, 'storeflow_app'),
    max: workers,
    connection: { plan_cache_mode: 'force_generic_plan' },
    // Arrays were recorded as the driver writes them.
    ...DRIVER_TYPES,
    types: { bigint: DRIVER_TYPES.types.bigint },
  });
  const one = async () =>
    replay(pool, recordings[Math.floor(Math.random() * recordings.length)] as Recording);
  return { workers: Array.from({ length: workers }, () => one), close: () => pool.end() };
}

async function record(server: BenchServer, shop: BenchShop): Promise<Recording> {
  const statements: Statement[] = [];
  const database = openDatabase({
    url: server.adminUrl,
    secret: server.secret,
    poolSize: 2,
    listenersOf: () => [],
    onCommit: () => undefined,
    onStatement: (text, values) => statements.push({ text, values }),
  });
  const db = database.tenant({ merchantId: shop.merchantId, storeId: shop.storeId });
  const store = await db.read(storeConfig);
  const checkout = JSON.parse(checkoutOf(shop).body ?? '') as Checkout;
  const key = { route: 'checkout', principal: 'guest', key: randomUUID(), fingerprint: newToken() };
  statements.length = 0;
  const placed = await db.write((tx) =>
    placeOrder(tx, { store, checkout, key, requestId: null, now: new Date() }),
  );
  await database.close();
  const event =
    /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}/.exec(JSON.stringify(statements))?.[0] ?? '';
  return {
    shop,
    statements: statements.filter(({ text }) => !/^(BEGIN|COMMIT|SELECT 1$)/.test(text)),
    unique: { token: placed.public_id, key: key.key, event },
  };
}

async function replay(pool: postgres.Sql, { shop, statements, unique }: Recording): Promise<void> {
  const renew = renewal(pool, unique);
  await pool.begin(async (sql) => {
    await sql.unsafe(
      `SET LOCAL app.merchant_id = '${shop.merchantId}'; SET LOCAL app.store_id = '${shop.storeId}'`,
    );
    for (const { text, values } of statements)
      await sql.unsafe(text, values.map(renew) as never[], { prepare: true });
  });
}

function renewal(sql: postgres.Sql, { token, key, event }: Recording['unique']): (value: unknown) => unknown {
  const [newPublicId, newKey, newEvent] = [newToken(), randomUUID(), uuidv7()];
  const renew = (text: string) =>
    text.replaceAll(token, newPublicId).replaceAll(key, newKey).replaceAll(event, newEvent);
  return (value) => {
    if (value instanceof Uint8Array || isBytes(value)) return secretHash(newPublicId);
    if (typeof value !== 'string') return value;
    // A document was recorded as its text; the driver would take a text for a JSON string and quote it again.
    return /^(\[|\{"[a-z_]+":)/.test(value) ? sql.json(JSON.parse(renew(value)) as never) : renew(value);
  };
}

/** The hash of the order's token, as the driver writes bytes. */
function isBytes(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith(String.raw`\x`);
}
