import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { violatedConstraint } from '#core/db/database-errors.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { uuidv7 } from '#core/values/uuid.ts';
import { refusal } from '../errors.ts';
import { failedRowsTo } from './failed-rows.ts';
import { importProducts } from './import-products.ts';
import type { ImportProgress } from './import-view.ts';
import {
  beginImport,
  beginImportAgain,
  endImport,
  importRunning,
  renewImport,
  type ImportAct,
  type ImportEnd,
  type ImportRow,
} from './product-imports.ts';
import { refuseOtherFiles } from './shopify-csv.ts';

export const IMPORT_FILE_MAX_BYTES = 100 * 1024 * 1024;
const FILE_NAME_LENGTH_MAX = 255;
/** How often a running import is heard of. */
const PROGRESS_EVERY_MS = 2_000;
/** Imports of a process that work at the same time; each takes a connection. Others wait. */
const AT_ONCE_MAX = 2;

const NOTHING_DONE: ImportProgress = { products: 0, created: 0, updated: 0, failed: 0, line: 0 };

type StoreDb = TenantDb<StoreTenant>;

export interface Upload {
  readonly content: Readable;
  readonly fileName: string;
  readonly dryRun: boolean;
}

export interface ImportRunner {
  /** Keeps the file and begins to import it. Refuses CATALOGUE_FILE_INVALID and IMPORT_RUNNING, and keeps nothing then. */
  begin(db: StoreDb, upload: Upload, act: ImportAct): Promise<ImportRow>;
  /** Begins an import that has ended once more. */
  beginAgain(db: StoreDb, id: string, act: ImportAct): Promise<ImportRow>;
  /** The rows that an import left out. Refuses IMPORT_NOT_FOUND when this machine does not have them. */
  failedRows(row: ImportRow): Promise<Readable>;
  /** Breaks off what runs, and waits until that is written down. */
  stop(): Promise<void>;
}

export interface ImportRunnerOptions {
  /** Keeps the files. */
  readonly folder: string;
  /** As an import's. What goes wrong with it is told, and keeps no import from going on. */
  readonly onGrown: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Runs imports in this process, after the answer to whoever asked for them. */
export function importRunner({ folder, onGrown, onError }: ImportRunnerOptions): ImportRunner {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const turns = turnsOf(AT_ONCE_MAX);
  const start = (db: StoreDb, row: ImportRow, act: ImportAct) => {
    const run = runImport({
      db,
      row,
      act,
      files: filesOf(folder, row.file),
      turns,
      stopping: stopping.signal,
      onGrown: () => onGrown().catch(onError),
      onError,
    })
      .catch(onError)
      .finally(() => running.delete(run));
    running.add(run);
    return row;
  };
  return {
    begin: async (db, upload, act) => {
      const { row, gone } = await keep(db, folder, upload, act);
      await Promise.all(gone.map((file) => removeFiles(folder, file)));
      return start(db, row, act);
    },
    beginAgain: async (db, id, act) =>
      start(db, await oneAtATime(() => db.write((tx) => beginImportAgain(tx, id, act))), act),
    failedRows: ({ file }) => opened(filesOf(folder, file).failedRows),
    stop: async () => {
      stopping.abort(new Error('the server stops'));
      await Promise.all(running);
    },
  };
}

async function opened(path: string): Promise<Readable> {
  try {
    await access(path);
  } catch {
    throw refusal('IMPORT_NOT_FOUND', 'The rows of this import are not kept on this machine.');
  }
  return createReadStream(path);
}

function filesOf(folder: string, file: string) {
  return { input: join(folder, `${file}.csv`), failedRows: join(folder, `${file}-failed.csv`) };
}

async function removeFiles(folder: string, file: string): Promise<void> {
  await Promise.all(Object.values(filesOf(folder, file)).map((path) => rm(path, { force: true })));
}

async function keep(db: StoreDb, folder: string, { content, fileName, dryRun }: Upload, act: ImportAct) {
  const file = uuidv7();
  const { input } = filesOf(folder, file);
  await mkdir(folder, { recursive: true });
  try {
    await pipeline(content, atMost(IMPORT_FILE_MAX_BYTES), createWriteStream(input));
    await refuseOtherFiles(createReadStream(input));
    const name = fileName.slice(0, FILE_NAME_LENGTH_MAX);
    return await oneAtATime(() => db.write((tx) => beginImport(tx, { file, fileName: name, dryRun }, act)));
  } catch (error) {
    await removeFiles(folder, file);
    throw error;
  }
}

function atMost(bytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      seen += chunk.length;
      if (seen <= bytes) return done(null, chunk);
      done(refusal('TOO_LARGE', `Expected at most ${bytes} bytes, received more.`));
    },
  });
}

async function oneAtATime<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error) === 'product_imports_one_at_a_time') throw importRunning();
    throw error;
  }
}

interface ImportRun {
  readonly db: StoreDb;
  readonly row: ImportRow;
  readonly act: ImportAct;
  readonly files: ReturnType<typeof filesOf>;
  readonly turns: Turns;
  readonly stopping: AbortSignal;
  readonly onGrown: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

async function runImport(run: ImportRun): Promise<void> {
  const { db, row, act, turns } = run;
  const lost = new AbortController();
  let progress = NOTHING_DONE;
  let told = progress;
  const beat = async () => {
    const done = progress;
    const isOurs = await db.write((tx) => renewImport(tx, row, { done, isNews: done !== told, act }));
    told = done;
    if (!isOurs) lost.abort(new Error('another process has taken the import over'));
  };
  // One that fails is made good by the next: the lease lasts for many.
  const beats = setInterval(() => void beat().catch(() => undefined), PROGRESS_EVERY_MS);
  try {
    const end = await turns(() =>
      importFile(run, AbortSignal.any([run.stopping, lost.signal]), (done) => {
        progress = done;
      }),
    );
    clearInterval(beats);
    await db.write((tx) => endImport(tx, row, end(progress), act));
  } finally {
    clearInterval(beats);
  }
}

/** Answers how it ended, given how far it came. */
async function importFile(
  { db, row, act, files, stopping, onGrown, onError }: ImportRun,
  signal: AbortSignal,
  onProgress: (progress: ImportProgress) => void,
): Promise<(progress: ImportProgress) => ImportEnd> {
  const failedRows = failedRowsTo(createWriteStream(files.failedRows));
  try {
    const input = createReadStream(files.input);
    const dryRun = row.dry_run;
    const report = await importProducts({
      db,
      input,
      dryRun,
      ...act,
      signal,
      failedRows,
      onGrown,
      onProgress,
    });
    await failedRows.end();
    return () => ({ ...report, state: 'done', failure: null });
  } catch (error) {
    await failedRows.end().catch(() => undefined);
    if (stopping.aborted)
      return (progress) => ({ ...progress, state: 'broken_off', problems: [], failure: null });
    if (!(error instanceof DomainError)) onError(error);
    const failure = error instanceof DomainError ? error.message : 'The server could not go on.';
    return (progress) => ({ ...progress, state: 'failed', problems: [], failure });
  }
}

type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Lets so many work at the same time, the others one after the other. */
function turnsOf(count: number): Turns {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
