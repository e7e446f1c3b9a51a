import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import postgres from 'postgres';
import { afterEach, beforeEach } from 'vitest';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '#core/db/embedded-postgres.ts';
import { scratchFolder } from '../support/scratch.ts';

export const TIMEOUT_MS = 60_000;
export const CHECKOUT = join(import.meta.dirname, '..', '..');
export const CHILD_SCRIPT = 'tests/core/embedded-postgres-child.ts';
export const NOBODY = { uid: 65_534, gid: 65_534 };
export const isRoot = process.getuid?.() === 0;

/** What the running test has for itself. */
export const own = { home: '', dataDir: '', logged: [] as string[] };

let children: ChildProcess[] = [];
let servers: EmbeddedPostgres[] = [];

/** Gives each test of a file a folder of its own, and ends all that it has started. */
export function inOwnFolder(): void {
  beforeEach(async () => {
    own.home = await scratchFolder('embedded');
    own.dataDir = join(own.home, 'data');
    own.logged = [];
    children = [];
    servers = [];
  });
  afterEach(async () => {
    for (const child of children) await killed(child);
    for (const server of servers) await server.stop();
    for (const folder of await foldersIn(own.home)) await endServerOn(folder);
    await rm(own.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
}

export async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: own.dataDir, log, durable: false, ...options });
  servers.push(server);
  return server;
}

function log(line: string): void {
  own.logged.push(line);
}

/** A process that is ended with the test. */
export function run(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(file, args, options);
  children.push(child);
  return child;
}

/** Runs a process that starts the server on `dataDir`. */
export function runChild(then = 'stay', options: SpawnOptions = {}): ChildProcess {
  const fixed: SpawnOptions = { stdio: ['ignore', 'pipe', 'inherit'] };
  return run(process.execPath, [CHILD_SCRIPT, own.dataDir, then], { cwd: CHECKOUT, ...options, ...fixed });
}

/** The same, and waits for its first line: the URL, or the code and message of the refusal. */
export async function startInChild(then?: string, options?: SpawnOptions) {
  const child = runChild(then, options);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return { child, lines, line: String((await lines.next()).value) };
}

export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export async function query(url: string, text: string): Promise<readonly postgres.Row[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    await sql.end();
  }
}

export async function postmasterPid(): Promise<number> {
  return Number.parseInt(await readFile(join(own.dataDir, 'cluster', 'postmaster.pid'), 'utf8'), 10);
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/** The lock is free by now, so that a start takes over whatever a test has left running, and stops it. */
async function endServerOn(folder: string): Promise<void> {
  if (!existsSync(join(folder, 'cluster', 'postmaster.pid'))) return;
  await (await start({ dataDir: folder })).stop();
}
