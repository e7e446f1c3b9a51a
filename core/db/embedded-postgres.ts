import { join, resolve } from 'node:path';
import { reachableBinaries } from './embedded/binaries.ts';
import {
  createCluster,
  holdsData,
  removeHalfMade,
  SUPERUSER,
  superuserPassword,
  type Cluster,
} from './embedded/cluster.ts';
import { lockDataFolder, type DataFolderLock } from './embedded/data-folder-lock.ts';
import { explainFailure } from './embedded/embedded-postgres-error.ts';
import { endLeftBehind } from './embedded/left-behind.ts';
import { serverAccount } from './embedded/server-account.ts';
import { portOfLastStart, startServer } from './embedded/server.ts';

export { EmbeddedPostgresError } from './embedded/embedded-postgres-error.ts';

const CONNECTIONS_MAX = 60;

/** What `startEmbeddedPostgres` takes. */
export interface EmbeddedPostgresOptions {
  /** The folder that holds the cluster and its lock; made when absent. */
  readonly dataDir: string;
  /** Takes PostgreSQL's warnings and worse, a line at a time; never statements or values. */
  readonly log: (line: string) => void;
  /** Whether committed data survives a power cut; false is for tests. Default true. */
  readonly durable?: boolean;
  /** Connections that the server accepts, three of them kept for the superuser. Default 60. */
  readonly maxConnections?: number;
  /** PostgreSQL settings that override the defaults for a small shop server. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL that this process runs. */
export interface EmbeddedPostgres {
  /** Connects as the superuser to the database `postgres`; holds the password. */
  readonly url: string;
  /** Ends all connections and the server cleanly; calling it again is harmless. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL of the installed npm package on a data folder, which it makes on the first start. It
 * listens on a free port of 127.0.0.1 only. What a killed process left behind is put right first.
 * Rejects with `EmbeddedPostgresError`, whose message is one line for the operator.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  let lock: DataFolderLock | undefined;
  try {
    lock = await lockDataFolder(dataDir);
    return await startLocked(dataDir, options, lock);
  } catch (error) {
    lock?.release();
    throw explainFailure(error, dataDir);
  }
}

/** Where another process of ours serves this data folder, for a command run beside it. Null when the folder holds no cluster. */
export async function runningPostgresUrl(dataDir: string): Promise<string | null> {
  const folder = join(resolve(dataDir), 'cluster');
  const port = await portOfLastStart({ folder });
  return port === undefined ? null : superuserUrl(await superuserPassword({ folder }), port);
}

function superuserUrl(password: string, port: number): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
}

async function startLocked(
  dataDir: string,
  options: EmbeddedPostgresOptions,
  lock: DataFolderLock,
): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(dataDir, options.durable ?? true);
  await endLeftBehind(cluster, options.log);
  const password = await superuserPassword(cluster);
  const settings = {
    max_connections: String(options.maxConnections ?? CONNECTIONS_MAX),
    ...options.settings,
  };
  const server = await startServer(cluster, { settings, log: options.log });
  return {
    url: superuserUrl(password, server.port),
    stop: async () => {
      await server.stop();
      lock.release();
    },
  };
}

async function openCluster(dataDir: string, durable: boolean): Promise<Cluster> {
  const folder = join(dataDir, 'cluster');
  const account = await serverAccount(folder);
  const cluster = { folder, account, binaries: await reachableBinaries(account), durable };
  await removeHalfMade(dataDir);
  if (!(await holdsData(cluster))) await createCluster(dataDir, cluster);
  return cluster;
}
