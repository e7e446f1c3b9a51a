import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const run = promisify(execFile);

/** A fast shutdown writes a checkpoint, which may take long on a slow disk. */
const FAST_SHUTDOWN_MAX_MS = 30_000;
/** An immediate one leaves that to the next start's recovery; PostgreSQL kills what lingers after 5 s. */
const IMMEDIATE_SHUTDOWN_MAX_MS = 10_000;

const STEPS = [
  { signal: 'SIGINT', patienceMs: FAST_SHUTDOWN_MAX_MS },
  { signal: 'SIGQUIT', patienceMs: IMMEDIATE_SHUTDOWN_MAX_MS },
] as const;

/** A running postmaster, ours or one left behind; `endsWithin` tells whether it has ended after so many ms at most. */
export interface RunningPostmaster {
  readonly pid: number;
  readonly binaries: Binaries;
  endsWithin(patienceMs: number): Promise<boolean>;
}

/** Ends a postmaster cleanly, or hard when it takes too long; nothing committed is lost either way. */
export async function shutDown({ pid, binaries, endsWithin }: RunningPostmaster): Promise<void> {
  for (const { signal, patienceMs } of STEPS) {
    await signalPostmaster(pid, signal, binaries);
    if (await endsWithin(patienceMs)) return;
  }
  throw new EmbeddedPostgresError(
    'SERVER_FAILED',
    `expected PostgreSQL (pid ${pid}) to end within ${IMMEDIATE_SHUTDOWN_MAX_MS / 1000} s of an immediate ` +
      'shutdown, received no end: look for a hanging disk, then end that process',
  );
}

async function signalPostmaster(
  pid: number,
  signal: 'SIGINT' | 'SIGQUIT',
  binaries: Binaries,
): Promise<void> {
  // Windows has no signals; PostgreSQL takes them through a pipe there, which pg_ctl knows.
  if (process.platform === 'win32') {
    await run(binaries.pgCtl, ['kill', signal.slice('SIG'.length), String(pid)]).catch(() => undefined);
    return;
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
