import { join } from 'node:path';
import {
  EmbeddedPostgresError,
  runningPostgresUrl,
  startEmbeddedPostgres,
} from '#core/db/embedded-postgres.ts';
import type { Config } from './config.ts';

/** A PostgreSQL to work on, and how to let go of it. */
export interface DatabaseServer {
  /** Connects as a role that may create roles and own tables. */
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/** The server that DATABASE_URL names, else the embedded one in the data folder, started here. */
export async function startDatabaseServer(
  config: Config,
  log: (line: string) => void,
): Promise<DatabaseServer> {
  if (config.databaseUrl !== null) return { adminUrl: config.databaseUrl, stop: async () => undefined };
  const server = await startEmbeddedPostgres({ dataDir: embeddedFolder(config), log });
  return { adminUrl: server.url, stop: () => server.stop() };
}

/** The same for a command: it joins a StoreFlow that runs on the data folder, and starts the database itself when none does. */
export async function reachDatabaseServer(
  config: Config,
  log: (line: string) => void,
): Promise<DatabaseServer> {
  try {
    return await startDatabaseServer(config, log);
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError) || error.code !== 'DATA_FOLDER_IN_USE') throw error;
    const adminUrl = await runningPostgresUrl(embeddedFolder(config));
    if (adminUrl === null) throw error;
    return { adminUrl, stop: async () => undefined };
  }
}

function embeddedFolder({ dataDir }: Config): string {
  return join(dataDir, 'postgres');
}
