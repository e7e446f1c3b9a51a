import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { clusterName, ownFolder, type Cluster } from './cluster.ts';
import { freePort } from './free-port.ts';
import { programOptions } from './run-program.ts';
import { severeLine } from './server-log.ts';
import { settingArguments } from './server-settings.ts';
import { shutDown } from './shutdown.ts';

/** Recovery after a crash replays up to 1 GB of write-ahead log. */
const START_MAX_MS = 300_000;
const START_ATTEMPTS_MAX = 20;
const START_PAUSE_MS = 100;

const READY = /database system is ready to accept connections/;
/** The port was taken after it was probed; processes of a killed postmaster are still ending. */
const PASSING_TROUBLE = /TCP\/IP sockets|shared memory block/;
/** Lines of the log that a failed start is explained from. */
const EARLY_LINES_MAX = 20;

type ServerProcess = ChildProcessByStdio<null, null, Readable>;

/** A running PostgreSQL that this process has started. */
export interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

/** How a cluster is to be served. */
export interface ServerOptions {
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** Starts PostgreSQL on a cluster, on its former port when that is free; resolves once it takes connections. */
export async function startServer(cluster: Cluster, options: ServerOptions): Promise<Server> {
  const formerPort = await portOfLastStart(cluster);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(attempt === 1 ? formerPort : undefined);
    try {
      return await startOnPort(cluster, port, options);
    } catch (error) {
      if (attempt === START_ATTEMPTS_MAX || !PASSING_TROUBLE.test(String(error))) throw error;
      await sleep(START_PAUSE_MS);
    }
  }
}

/** The port that the cluster was served on last; undefined when it never was. */
export async function portOfLastStart({ folder }: Pick<Cluster, 'folder'>): Promise<number | undefined> {
  const commandLine = await readFile(join(folder, 'postmaster.opts'), 'utf8').catch(() => '');
  const port = /"port=(\d+)"/.exec(commandLine)?.[1];
  return port === undefined ? undefined : Number(port);
}

async function startOnPort(cluster: Cluster, port: number, options: ServerOptions): Promise<Server> {
  const { account, binaries, durable, folder } = cluster;
  const own = { port: String(port), cluster_name: await clusterName(folder) };
  const args = ['-D', ownFolder(cluster), ...settingArguments({ durable, settings: options.settings, own })];
  const child = spawn(binaries.postgres, args, {
    ...programOptions({ account, cwd: folder }),
    // Its own process group: the terminal's Ctrl-C must not end it before the application has drained.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  endWithProcess(child);
  await untilReady(child, options.log);
  return { port, stop: supervise(child, binaries, options.log) };
}

/** Also when this process is told to end before the server is ready. */
function endWithProcess(child: ServerProcess): void {
  const end = (): void => void child.kill('SIGINT');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}

/** Resolves when the server takes connections. Its log is passed on from then on; a failed start is told by its error. */
async function untilReady(child: ServerProcess, log: (line: string) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const early: string[] = [];
  let ready = false;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (ready) return passOn(line, log);
    early.splice(0, early.length + 1 - EARLY_LINES_MAX);
    early.push(line);
    ready = READY.test(line);
    if (!ready) return;
    for (const earlier of early) passOn(earlier, log);
    resolve();
  });
  child.once('error', reject);
  child.once('close', (code, signal) =>
    reject(new Error([`its end with ${code ?? signal}`, ...early].join('\n'))),
  );
  const giveUp = setTimeout(() => child.kill('SIGQUIT'), START_MAX_MS);
  await promise.finally(() => clearTimeout(giveUp));
}

function passOn(line: string, log: (line: string) => void): void {
  const severe = severeLine(line);
  if (severe !== undefined) log(severe);
}

/** Tells of an unexpected end of a server; returns how to stop it. */
function supervise(
  child: ServerProcess,
  binaries: Binaries,
  log: (line: string) => void,
): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const { promise: ended, resolve } = Promise.withResolvers<true>();
  child.once('exit', (code, signal) => {
    if (stopping === undefined) log(`PostgreSQL ended unexpectedly with ${code ?? signal}`);
    resolve(true);
  });
  // A process that has nothing else left to do may end: PostgreSQL is no reason to stay.
  child.unref();
  if (child.stderr instanceof Socket) child.stderr.unref();
  return () => (stopping ??= stop(child, ended, binaries));
}

async function stop(child: ServerProcess, ended: Promise<true>, binaries: Binaries): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const endsWithin = (patienceMs: number): Promise<boolean> =>
    Promise.race([ended, sleep(patienceMs, false, { ref: false })]);
  await shutDown({ pid: child.pid, binaries, endsWithin });
}
