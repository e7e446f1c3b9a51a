import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSecret } from '#core/security/secret-token.ts';
import { uuidv7 } from '#core/values/uuid.ts';
import type { Config } from './config.ts';

const OWNER_ONLY_FILE = 0o600;

/** The server's secret: from APP_SECRET, else from the data folder, where it is made at the first start. */
export async function serverSecret({ secret, dataDir }: Config): Promise<string> {
  if (secret !== null) return secret;
  const file = join(dataDir, 'secret');
  return ((await read(file)) ?? (await make(file))).trim();
}

function read(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/** It gets its name when it is whole: a start that is killed or finds the disk full leaves no half secret, and of two at once one wins. */
async function make(file: string): Promise<string> {
  const draft = `${file}-${uuidv7()}`;
  try {
    await writeFile(draft, newSecret(), { mode: OWNER_ONLY_FILE, flush: true });
    await link(draft, file).catch(ignoreExisting);
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
