import type { Server } from 'node:http';
import { join } from 'node:path';
import { openDatabase } from '#core/db/database.ts';
import { migrate } from '#core/db/migrate.ts';
import { record } from '#core/events/record.ts';
import { Gateway } from '#core/realtime/gateway.ts';
import { inProcessHintBus } from '#core/realtime/hint-bus.ts';
import { Hub } from '#core/realtime/hub.ts';
import type { MerchantId } from '#core/values/ids.ts';
import type { SendEvent } from './realtime-server.ts';
import postgres from 'postgres';

const SECRET = 'a secret that is used by benchmarks only';
const POOL_SIZE = 8;
/** All sockets of a benchmark come from one address. */
const SOCKETS_MAX = 100_000;

/** The real thing: each event is committed to PostgreSQL, and goes out over hub and gateway. */
export async function serveStoreflow(server: Server): Promise<SendEvent> {
  const adminUrl = process.env['ADMIN_URL'] ?? '';
  await migrate({ adminUrl, secret: SECRET, folder: join(import.meta.dirname, '../database/migrations') });
  const tenant = { merchantId: await aMerchant(adminUrl), storeId: null };
  const bus = inProcessHintBus();
  const database = openDatabase({
    url: adminUrl,
    secret: SECRET,
    poolSize: POOL_SIZE,
    listenersOf: () => [],
    onCommit: bus.publish,
  });
  const hub = new Hub({ database, bus, onError: console.error });
  const gateway = new Gateway({
    server,
    hub,
    authenticate: async () => ({ kind: 'anonymous' }),
    authorise: async () => tenant,
    ended: async () => [],
    onError: console.error,
    limits: { socketsPerAddressMax: SOCKETS_MAX },
  });
  process.once('disconnect', () => void gateway.close({ spreadMs: 0 }));
  return (channel, payload) =>
    database.tenant(tenant).write((tx) =>
      record(tx, {
        type: 'ThingChanged',
        entity: 'thing',
        entityId: 'thing-1',
        entityVersion: 1,
        actor: 'system',
        payload,
        streams: [{ channel, payload }],
        occurredAt: new Date(),
      }),
    );
}

async function aMerchant(adminUrl: string): Promise<MerchantId> {
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  const [row] = await admin<
    { id: number }[]
  >`INSERT INTO merchants (name) VALUES ('Bench') RETURNING id::int`;
  await admin.end();
  return (row?.id ?? 0) as MerchantId;
}
