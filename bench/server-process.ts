import { join } from 'node:path';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '#core/db/embedded-postgres.ts';
import { migrate } from '#core/db/migrate.ts';
import { createApp } from '#start/app.ts';
import { readConfig } from '#start/config.ts';
import { PROJECT_FOLDER } from '#start/project-folder.ts';
import { MANY_RATES, openShops, SIMPLE_SHIPPING } from './shops.ts';

/**
 * The server under load, in a process of its own, with stores of BENCH_STORES merchants: tells its parent where it is, and ends when the
 * parent lets go of it.
 */
const secret = 'a secret that is used by benchmarks only';
const config = readConfig({ ...process.env, PORT: '0', RATE_LIMITS: 'off', LOG_LEVEL: 'error' });
const embedded = await startEmbeddedPostgres({
  dataDir: join(config.dataDir, 'postgres'),
  log: () => undefined,
});
await migrate({ adminUrl: embedded.url, secret, folder: join(PROJECT_FOLDER, 'database/migrations') });
const app = await createApp({ config, databaseUrl: embedded.url, secret });
const admin = postgres(embedded.url, { max: 1, onnotice: () => undefined });
const shipping = process.env['BENCH_MANY_RATES'] === 'true' ? MANY_RATES : SIMPLE_SHIPPING;
const shops = await openShops(app.database, admin, { count: Number(process.env['BENCH_STORES']), shipping });
await admin.end();
const address = await app.server.listen({ host: config.host, port: config.port });
process.send?.({ address, adminUrl: embedded.url, secret, shops });
process.once('disconnect', () => void end());
process.on('message', (word) => {
  if (word === 'usage') process.send?.({ cpu: process.cpuUsage(), memory: process.memoryUsage.rss() });
});

async function end(): Promise<void> {
  await app.close();
  await embedded.stop();
  process.exit(0);
}
