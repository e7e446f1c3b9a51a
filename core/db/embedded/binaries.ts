import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { runProgram } from './run-program.ts';
import type { ServerAccount } from './server-account.ts';

/** Where root keeps a copy of the programs for an account that cannot enter the folder of this installation. */
const COPIES_DIR = '/var/cache/storeflow';
const MODE_FOR_ALL = 0o755;
const ROOT_UID = 0;

/** Paths of PostgreSQL's programs, and their version as data folders note it. */
export interface Binaries {
  readonly majorVersion: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/**
 * PostgreSQL's programs of the installed npm package, where `account` can run them: in the package, or, when
 * that lies in a folder closed to the account, in a copy. They find their libraries and data beside their own
 * resolved path, so that no trick with file descriptors replaces the copy.
 */
export async function reachableBinaries(account: ServerAccount | undefined): Promise<Binaries> {
  const installed = await installedPackage();
  if (account === undefined || (await runs(installed, account))) return programsOf(installed);
  const copy = await copyFor(installed, account).catch((error: unknown) => {
    throw unavailable(`copying them to ${COPIES_DIR} failed with "${String(error)}"`, error);
  });
  return programsOf(copy);
}

/** A folder with `bin`, `lib` and `share`, and the package's name and version. */
interface Installation {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
}

async function installedPackage(): Promise<Installation> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const packageDir = dirname(dirname(createRequire(wrapper).resolve(`@embedded-postgres/${name}`)));
    const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as Installation;
    return { folder: join(packageDir, 'native'), name, version };
  } catch (error) {
    throw unavailable(`the package @embedded-postgres/${name} is not installed`, error);
  }
}

function programsOf({ folder, version }: Installation): Binaries {
  const program = (name: string): string => join(folder, 'bin', name);
  return {
    majorVersion: String(Number.parseInt(version, 10)),
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
  };
}

async function runs(installation: Installation, account: ServerAccount): Promise<boolean> {
  const { postgres } = programsOf(installation);
  return runProgram(postgres, ['--version'], { account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** The copy is checked by running it: one that lost files, say in a power cut, is made anew. */
async function copyFor(installed: Installation, account: ServerAccount): Promise<Installation> {
  const copy = { ...installed, folder: join(COPIES_DIR, `${installed.name}-${installed.version}`) };
  await prepareCopiesFolder();
  if (await runs(copy, account)) return copy;
  await rm(copy.folder, { recursive: true, force: true });
  await copyWhole(installed.folder, copy.folder);
  if (await runs(copy, account)) return copy;
  throw new Error(`${copy.folder} does not run as uid ${account.uid}`);
}

async function prepareCopiesFolder(): Promise<void> {
  await mkdir(COPIES_DIR, { recursive: true });
  const { uid } = await lstat(COPIES_DIR);
  if (uid !== ROOT_UID) throw new Error(`it belongs to uid ${uid}, not to root`);
  // Undoes a strict umask, and rights that others must not have.
  await chmod(COPIES_DIR, MODE_FOR_ALL);
}

/** Copies beside the target and renames, so that a copy that was cut short is never taken for a whole one. */
async function copyWhole(source: string, target: string): Promise<void> {
  const making = await mkdtemp(`${target}.making-`);
  try {
    await cp(source, making, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => !file.endsWith('.a'),
    });
    await chmod(making, MODE_FOR_ALL);
    for (const entry of await readdir(making, { recursive: true, withFileTypes: true })) {
      if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), MODE_FOR_ALL);
    }
    await rename(making, target);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw error;
  }
}

function unavailable(received: string, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'BINARIES_UNAVAILABLE',
    `expected the programs of PostgreSQL in node_modules where its user can run them, but ${received}: ` +
      'run "npm ci" on this machine, install under a folder that all may enter, or set DATABASE_URL',
    { cause },
  );
}
