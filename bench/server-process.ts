import { join } from 'node:path';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '#core/db/embedded-postgres.ts';
import { createApp } from '#start/app.ts';
import { readConfig } from '#start/config.ts';
import { BENCH_SECRET, migrateBench } from './bench-database.ts';
import { MANY_RATES, openShops, SIMPLE_SHIPPING } from './shops.ts';

/**
 * The server under load, in a process of its own, with stores of BENCH_STORES merchants, or on the database of BENCH_DATABASE_URL with those
 * that are in it: tells its parent where it is, and ends when the parent lets go of it.
 */
const secret = BENCH_SECRET;
const config = readConfig({ ...process.env, PORT: '0', RATE_LIMITS: 'off', LOG_LEVEL: 'error' });
const given = process.env['BENCH_DATABASE_URL'];
const postgresServer = given ? null : await startOwn();
const databaseUrl = given ?? postgresServer?.url ?? '';
const app = await createApp({ config, databaseUrl, secret });
const shops = given ? [] : await openOwn();
const address = await app.server.listen({ host: config.host, port: config.port });
process.send?.({ address, adminUrl: databaseUrl, secret, shops });
process.once('disconnect', () => void end());
process.on('message', (word) => {
  if (word === 'usage') process.send?.({ cpu: process.cpuUsage(), memory: process.memoryUsage.rss() });
});

async function startOwn() {
  const server = await startEmbeddedPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    log: () => undefined,
  });
  await migrateBench(server.url);
  return server;
}

async function openOwn() {
  const admin = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const shipping = process.env['BENCH_MANY_RATES'] === 'true' ? MANY_RATES : SIMPLE_SHIPPING;
  const count = Number(process.env['BENCH_STORES']);
  const opened = await openShops(app.database, admin, { count, shipping });
  await admin.end();
  return opened;
}

async function end(): Promise<void> {
  await app.close();
  await postgresServer?.stop();
  process.exit(0);
}
