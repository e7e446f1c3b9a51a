import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const FOLDER_MODE = 0o700;
const SQLITE_BUSY = 5;

/** Garbage collection closes a database that nobody refers to, and would give the folder up with it. */
const held = new Set<DatabaseSync>();

/** The right of this process to use a data folder. */
export interface DataFolderLock {
  /** Gives the folder up; calling it again is harmless. */
  release(): void;
}

/**
 * Makes the data folder when it is absent and takes it for this process, or throws `DATA_FOLDER_IN_USE`.
 *
 * Node offers no file lock of its own; SQLite's is the operating system's, so that it dies with the process
 * and needs no guess about pids, which containers reuse.
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  await mkdir(dataDir, { recursive: true, mode: FOLDER_MODE });
  const database = new DatabaseSync(join(dataDir, 'lock'), { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw isBusy(error) ? inUse(dataDir) : error;
  }
  held.add(database);
  return { release: () => void (held.delete(database) && database.close()) };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function inUse(dataDir: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'DATA_FOLDER_IN_USE',
    `data folder ${dataDir}: expected to have it alone, received another StoreFlow that runs on it; ` +
      'stop that one or choose another data folder',
  );
}
