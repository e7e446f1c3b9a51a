import { randomBytes } from 'node:crypto';
import {
  chown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { ignoreAbsence } from './ignore-absence.ts';
import { runProgram } from './run-program.ts';
import type { ServerAccount } from './server-account.ts';

/** The superuser of the cluster. */
export const SUPERUSER = 'postgres';

const PASSWORD_FILE = 'superuser-password';
const PASSWORD_BYTES = 24;
const PASSWORD_FILE_MODE = 0o600;
const MAKING_PREFIX = 'making-';
/** Tries again for 4.5 s, waiting 50 ms longer each time. */
const HALF_MADE_REMOVAL = { recursive: true, force: true, maxRetries: 13, retryDelay: 50 };

/**
 * What PostgreSQL calls letters when it cuts words for trigram search; plain `C` would drop every letter
 * beyond ASCII and is the last resort on a system that has neither of the others.
 */
const LETTER_LOCALES = ['C.UTF-8', 'en_US.UTF-8', 'C'];

/** A folder with PostgreSQL's data, the programs for it and the account that they run as. */
export interface Cluster {
  readonly folder: string;
  readonly binaries: Binaries;
  readonly account: ServerAccount | undefined;
  /** False gives up the promise that committed data survives a power cut; for tests. */
  readonly durable: boolean;
}

/** Whether the folder is a cluster; throws `DATA_FOLDER_INCOMPATIBLE` when another major version wrote it. */
export async function holdsData({ folder, binaries }: Cluster): Promise<boolean> {
  const version = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(ignoreAbsence);
  if (version === undefined) return false;
  if (version.trim() === binaries.majorVersion) return true;
  throw new EmbeddedPostgresError(
    'DATA_FOLDER_INCOMPATIBLE',
    `data folder ${folder}: expected data of PostgreSQL ${binaries.majorVersion}, received those of ` +
      `${version.trim()}; start the release that wrote them and move them here with pg_dump`,
  );
}

/** The password of the cluster's superuser. */
export async function superuserPassword({ folder }: Pick<Cluster, 'folder'>): Promise<string> {
  return (await readFile(join(folder, PASSWORD_FILE), 'utf8')).trim();
}

/** How a program started in the cluster folder names it: root's account may not enter the folders above. */
export function ownFolder({ folder, account }: Pick<Cluster, 'folder' | 'account'>): string {
  return account === undefined ? folder : '/proc/self/cwd';
}

/**
 * The `cluster_name` by which a postmaster on this very folder is known among all processes: a copy of the
 * folder, with a copy of its pid file, has another one.
 */
export async function clusterName(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true });
  return `storeflow-${dev}-${ino}`;
}

/**
 * Makes the cluster, with its password file inside, in a temporary folder of `dataDir` and renames it at the
 * end, so that what a killed process left half-made is never taken for a cluster.
 */
export async function createCluster(dataDir: string, cluster: Cluster): Promise<void> {
  const making = await mkdtemp(join(dataDir, MAKING_PREFIX));
  try {
    const folder = await initialise(making, cluster);
    await rename(folder, cluster.folder);
    await syncFolder(dataDir);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Removes what a killed process has left half-made in `dataDir`. */
export async function removeHalfMade(dataDir: string): Promise<void> {
  const halfMade = (await readdir(dataDir)).filter((name) => name.startsWith(MAKING_PREFIX));
  for (const name of halfMade) {
    // An orphaned initdb writes on until it misses its folder; should that take longer, a later start removes the rest.
    await rm(join(dataDir, name), HALF_MADE_REMOVAL).catch(() => undefined);
  }
}

async function initialise(making: string, cluster: Cluster): Promise<string> {
  const folder = join(making, 'cluster');
  const passwordFile = join(making, PASSWORD_FILE);
  await mkdir(folder);
  await writeFile(passwordFile, randomBytes(PASSWORD_BYTES).toString('base64url'), {
    mode: PASSWORD_FILE_MODE,
    flush: true,
  });
  if (cluster.account !== undefined) {
    const { uid, gid } = cluster.account;
    for (const path of [making, folder, passwordFile]) await chown(path, uid, gid);
  }
  await runInitdb({ ...cluster, folder });
  await rename(passwordFile, join(folder, PASSWORD_FILE));
  await syncFolder(folder);
  return folder;
}

async function runInitdb(cluster: Cluster): Promise<void> {
  const { account, binaries, durable, folder } = cluster;
  for (const locale of LETTER_LOCALES) {
    const args = [
      `--pgdata=${ownFolder(cluster)}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${join('..', PASSWORD_FILE)}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Sorting and case are PostgreSQL's own: no upgrade of the system's library disorders an index.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      `--lc-ctype=${locale}`,
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ];
    try {
      await runProgram(binaries.initdb, args, { account, cwd: folder });
      return;
    } catch (error) {
      if (!/invalid locale name/.test(String(error)) || locale === LETTER_LOCALES.at(-1)) throw error;
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder.
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}
