import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  NOBODY,
  TIMEOUT_MS,
  inOwnFolder,
  own,
  isRoot,
  killed,
  postmasterPid,
  query,
  run,
  runChild,
  start,
  startInChild,
} from './embedded-postgres-harness.ts';

inOwnFolder();

describe('after kill -9', { timeout: TIMEOUT_MS }, () => {
  test('the orphaned server is ended and what it committed is there', async () => {
    const { child, line: url } = await startInChild();
    await query(url, 'CREATE TABLE kept (word text)');
    await query(url, `INSERT INTO kept VALUES ('committed')`);
    await killed(child);
    const orphan = await postmasterPid();
    expect(isAlive(orphan)).toBe(true);

    const second = await start();

    expect(await query(second.url, 'SELECT word FROM kept')).toEqual([{ word: 'committed' }]);
    expect(await postmasterPid()).not.toBe(orphan);
    expect(own.logged).toEqual([expect.stringContaining(`ending the PostgreSQL (pid ${orphan})`)]);
  });

  test('a killed server is recovered', async () => {
    const { child, line: url } = await startInChild();
    await query(url, 'CREATE TABLE kept (word text)');
    process.kill(await postmasterPid(), 'SIGKILL');
    await killed(child);

    const second = await start();

    expect(await query(second.url, 'SELECT count(*)::int FROM kept')).toEqual([{ count: 0 }]);
  });

  test('a stale pid file whose pid another program has by now is no obstacle, and that program lives on', async () => {
    const first = await start();
    await first.stop();
    const { uid, gid } = await stat(join(own.dataDir, 'cluster'));
    const bystander = run('sleep', ['600'], isRoot ? { uid, gid } : {});
    const pidFile = join(own.dataDir, 'cluster', 'postmaster.pid');
    await writeFile(pidFile, `${bystander.pid}\n${own.dataDir}\n1700000000\n5432\n\n127.0.0.1\n`);

    const second = await start();

    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  });

  test('a pid file that was cut short is no obstacle', async () => {
    const first = await start();
    await first.stop();
    await writeFile(join(own.dataDir, 'cluster', 'postmaster.pid'), '');

    const second = await start();

    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a copy of the folder, pid file included, leaves the original’s server alone', async () => {
    const original = await start();
    const copied = join(own.home, 'copied');
    await cp(own.dataDir, copied, { recursive: true });

    const copy = await start({ dataDir: copied });

    expect(copy.url).not.toBe(original.url);
    expect(await query(original.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a half-made cluster is not taken for a whole one', async () => {
    const child = runChild();
    await expect.poll(() => halfMade(), { interval: 5, timeout: TIMEOUT_MS }).toContain('PG_VERSION');
    await killed(child);
    expect(existsSync(join(own.dataDir, 'cluster'))).toBe(false);

    const { url } = await start();

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await readdir(own.dataDir)).not.toContainEqual(expect.stringContaining('making'));
  });
});

describe('a data folder that cannot be used is named in one line', { timeout: TIMEOUT_MS }, () => {
  test('when another StoreFlow runs on it, in this process or in another', async () => {
    const first = await start();
    const refusal = { code: 'DATA_FOLDER_IN_USE', message: oneLine(/another StoreFlow that runs/) };

    await expect(start()).rejects.toMatchObject(refusal);
    const { line } = await startInChild();
    expect(line).toMatch(/^DATA_FOLDER_IN_USE .*another StoreFlow that runs/);

    await first.stop();
    await expect(start()).resolves.toMatchObject({ url: first.url });
  });

  test('when two are started on a new one at once: one wins', async () => {
    const outcomes = await Promise.all([startInChild(), startInChild()]);
    const words = outcomes.map(({ line }) => /^(DATA_FOLDER_IN_USE|postgres:)/.exec(line)?.[0]);

    expect(words.sort()).toEqual(['DATA_FOLDER_IN_USE', 'postgres:']);
  });

  test('when a file is in its way', async () => {
    const file = join(own.home, 'file');
    await writeFile(file, '');

    await expect(start({ dataDir: join(file, 'data') })).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNWRITABLE',
      message: oneLine(/ENOTDIR.*choose another data folder/),
    });
  });

  test('when its user may not write it', async () => {
    await mkdir(own.dataDir);
    if (isRoot) await chmod(own.home, 0o755);
    await chmod(own.dataDir, 0o555);

    const { line } = await startInChild('stay', isRoot ? NOBODY : {});

    expect(line).toMatch(
      /^DATA_FOLDER_UNWRITABLE data folder .* expected to be allowed to write there, received/,
    );
  });

  test('when another PostgreSQL version wrote it', async () => {
    await (await start()).stop();
    await writeFile(join(own.dataDir, 'cluster', 'PG_VERSION'), '9.6\n');

    await expect(start()).rejects.toMatchObject({
      code: 'DATA_FOLDER_INCOMPATIBLE',
      message: oneLine(/received those of 9\.6/),
    });
  });

  test('when a setting is wrong', async () => {
    const settings = { no_such_setting: 'on' };

    await expect(start({ settings })).rejects.toMatchObject({
      code: 'SERVER_FAILED',
      message: oneLine(/no_such_setting/),
    });
  });

  test.skipIf(!mayMount())('when the disk is full (premise: this user may mount a file system)', async () => {
    await mkdir(own.dataDir);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'none', own.dataDir]).status).toBe(0);
    try {
      await expect(start()).rejects.toMatchObject({
        code: 'DISK_FULL',
        message: oneLine(/expected free disk space/),
      });
    } finally {
      spawnSync('umount', [own.dataDir]);
    }
  });
});

function oneLine(pattern: RegExp): unknown {
  return expect.stringMatching(new RegExp(`^[^\\n]*${pattern.source}[^\\n]*$`));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function halfMade(): Promise<string[]> {
  const making = (await readdir(own.dataDir)).find((name) => name.startsWith('making-'));
  return making === undefined ? [] : readdir(join(own.dataDir, making, 'cluster'));
}

function mayMount(): boolean {
  return isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0;
}
