import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '#core/db/migrate.ts';
import type { Config } from './config.ts';
import { PROJECT_FOLDER } from './project-folder.ts';
import { startDatabaseServer, type DatabaseServer } from './database-server.ts';
import { serverSecret } from './secret.ts';

/** A database with the newest schema, and the secret that opens it. */
export interface Prepared extends DatabaseServer {
  readonly secret: string;
}

type Reach = typeof startDatabaseServer;

/** Starts or reaches the database and brings its schema up to date. */
export async function prepareDatabase(
  config: Config,
  log: (line: string) => void,
  reach: Reach = startDatabaseServer,
): Promise<Prepared> {
  const secret = await serverSecret(config);
  await mkdir(join(config.dataDir, 'media'), { recursive: true });
  const server = await reach(config, log);
  try {
    await migrate({ adminUrl: server.adminUrl, secret, folder: join(PROJECT_FOLDER, 'database/migrations') });
    return { ...server, secret };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
