import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printLine } from './print.ts';
import { PROJECT_FOLDER } from './project-folder.ts';

const STAMP = join(PROJECT_FOLDER, 'dist', 'built-from');
/** Everything that the browser's assets are made of. */
const SOURCES = [
  'dashboard/**/*',
  'storefront/**/*',
  'client/**/*',
  'app/**/*.ts',
  'core/values/*.ts',
  'vite.*.ts',
  'package-lock.json',
];
/** Declarations of what Nuxt UI found in use: with them, the second start after a clone would build again. */
const WRITTEN_BY_BUILD = /^(auto-imports|components)\.d\.ts$/;
const CONFIGS = ['vite.dashboard.config.ts', 'vite.storefront.config.ts'];

/** Builds the browser's assets when they are missing or their sources have changed since; answers whether it did. */
export async function buildAssets(log: (line: string) => void): Promise<boolean> {
  const sources = await fingerprint();
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === sources) return false;
  log('Building the assets of dashboard and storefronts (once, about half a minute) …');
  for (const config of CONFIGS) await vite(config);
  await mkdir(join(PROJECT_FOLDER, 'dist'), { recursive: true });
  await writeFile(STAMP, sources);
  return true;
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const entries = await Array.fromAsync(glob(SOURCES, { cwd: PROJECT_FOLDER, withFileTypes: true }));
  const files = entries
    .filter((entry) => entry.isFile() && !WRITTEN_BY_BUILD.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.toSorted()) hash.update(file).update(await readFile(file));
  return hash.digest('hex');
}

async function vite(config: string): Promise<void> {
  const program = join(PROJECT_FOLDER, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [program, 'build', '--config', config, '--logLevel', 'warn'], {
    cwd: PROJECT_FOLDER,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const end = () => void child.kill();
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('error', reject);
  child.once('exit', (code) =>
    code === 0 ? resolve() : reject(new Error(`vite build --config ${config} ended with ${code}`)),
  );
  return promise;
}

if (import.meta.main) await buildAssets(printLine);
