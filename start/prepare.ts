import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '#core/db/migrate.ts';
import { ConfigError, type Config } from './config.ts';
import { PROJECT_FOLDER } from './project-folder.ts';
import { startDatabaseServer, type DatabaseServer } from './database-server.ts';
import { serverSecret } from './secret.ts';

/** A database with the newest schema, and the secret that opens it. */
export interface Prepared extends DatabaseServer {
  readonly secret: string;
}

const OWNER_ONLY = 0o700;

type Reach = typeof startDatabaseServer;

/** Starts or reaches the database and brings its schema up to date. */
export async function prepareDatabase(
  config: Config,
  log: (line: string) => void,
  reach: Reach = startDatabaseServer,
): Promise<Prepared> {
  await makeDataFolder(config);
  const secret = await serverSecret(config);
  const server = await reach(config, log);
  try {
    await migrate({ adminUrl: server.adminUrl, secret, folder: join(PROJECT_FOLDER, 'database/migrations') });
    return { ...server, secret };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Before anything else wants to write there, so that a folder which cannot be used is told by the name of its setting. */
async function makeDataFolder({ dataDir, bucket }: Config): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: OWNER_ONLY });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    if (bucket === null) await mkdir(join(dataDir, 'media'), { recursive: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') throw error;
    throw new ConfigError(`DATA_DIR: expected a folder that may be written, received "${message}"`);
  }
}
