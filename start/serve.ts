import { createServer } from 'node:net';
import { once } from 'node:events';
import { startMaintenance } from '#core/events/event-maintenance.ts';
import { issueSetupLink, isEmptySystem } from '#app/stores/setup-link.ts';
import { createApp, type App } from './app.ts';
import { chores } from './chores.ts';
import { buildAssets } from './build-assets.ts';
import type { Config } from './config.ts';
import { loadDemoOnce } from './demo.ts';
import { prepareDatabase, type Prepared } from './prepare.ts';
import { printAddresses, printLine, printNoMails, printSetupLink } from './print.ts';
import { onceTold } from './told-to-end.ts';

/** Runs the server until it is told to stop: everything that a newcomer needs, in one process. */
export async function serve(config: Config): Promise<void> {
  const ending = onceTold();
  await refuseTakenPort(config);
  const [prepared] = await Promise.all([prepareDatabase(config, printLine), buildAssets(printLine)]);
  const app = await createApp({ config, databaseUrl: prepared.adminUrl, secret: prepared.secret });
  const maintenance = startMaintenance({
    adminUrl: prepared.adminUrl,
    chores: chores(app.media),
    onError: (error) => app.server.log.warn({ err: error }, 'maintenance failed and will be repeated'),
  });
  ending.stop = async () => {
    await maintenance.stop();
    await app.close();
    await prepared.stop();
  };
  await welcome(app, config, prepared).catch((error: unknown) => {
    if (!ending.isTold) throw error;
  });
}

/** Told early, before anything is built or started. */
async function refuseTakenPort({ host, port }: Config): Promise<void> {
  const probe = createServer().listen({ host, port });
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

async function welcome(app: App, config: Config, prepared: Prepared): Promise<void> {
  if (config.environment !== 'production') await loadDemoOnce(app, config, prepared);
  if (config.environment === 'production' && config.mail === null) printNoMails();
  const address = await app.server.listen({ host: config.host, port: config.port });
  await printAddresses(app.database, address);
  if (await isEmptySystem(app.database)) printSetupLink(address, await issueSetupLink(app.database));
}
