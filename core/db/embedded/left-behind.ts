import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { clusterName, type Cluster } from './cluster.ts';
import { ignoreAbsence } from './ignore-absence.ts';
import { shutDown } from './shutdown.ts';

const run = promisify(execFile);
const POLL_MS = 10;

/**
 * Ends the PostgreSQL that a killed StoreFlow left on the cluster and removes a stale pid file. Call it with
 * the data folder locked: then whatever runs on the cluster is an orphan.
 *
 * It is ended, not adopted: a start of our own has this release's settings and programs, a log that is read
 * and a process whose end is noticed, and costs some 100 ms more.
 */
export async function endLeftBehind(cluster: Cluster, log: (line: string) => void): Promise<void> {
  const pidFile = join(cluster.folder, 'postmaster.pid');
  const noted = await readFile(pidFile, 'utf8').catch(ignoreAbsence);
  if (noted === undefined) return;
  const pid = Number.parseInt(noted, 10);
  const name = await clusterName(cluster.folder);
  if (await isPostmaster(pid, name)) {
    log(`ending the PostgreSQL (pid ${pid}) that a killed StoreFlow left on ${cluster.folder}`);
    const endsWithin = (patienceMs: number) => postmasterEnds(pid, name, patienceMs);
    await shutDown({ pid, binaries: cluster.binaries, endsWithin });
  }
  // PostgreSQL would believe a pid that another program of the same user has by now, and refuse to start.
  // Should processes of a dead postmaster live on, their shared memory still keeps a new one out.
  await rm(pidFile, { force: true });
}

async function postmasterEnds(pid: number, name: string, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    if (!(await isPostmaster(pid, name))) return true;
    await sleep(POLL_MS);
  }
  return false;
}

async function isPostmaster(pid: number, name: string): Promise<boolean> {
  if (!(pid > 0)) return false;
  const commandLine = await commandLineOf(pid).catch(() => '');
  return new RegExp(`cluster_name=${name}(?!\\d)`).test(commandLine);
}

async function commandLineOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8');
  if (process.platform !== 'win32')
    return (await run('ps', ['-ww', '-o', 'args=', '-p', String(pid)])).stdout;
  const query = `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CommandLine`;
  return (await run('powershell', ['-NoProfile', '-Command', query], { windowsHide: true })).stdout;
}
