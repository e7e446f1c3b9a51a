import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSecret } from '#core/security/secret-token.ts';
import type { Config } from './config.ts';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** The server's secret: from APP_SECRET, else from the data folder, where it is made at the first start. */
export async function serverSecret({ secret, dataDir }: Config): Promise<string> {
  if (secret !== null) return secret;
  const file = join(dataDir, 'secret');
  await mkdir(dataDir, { recursive: true, mode: OWNER_ONLY_FOLDER });
  // `wx` makes one of two first starts at the same moment win; the other reads what it wrote.
  await writeFile(file, newSecret(), { mode: OWNER_ONLY_FILE, flag: 'wx' }).catch(ignoreExisting);
  return (await readFile(file, 'utf8')).trim();
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
