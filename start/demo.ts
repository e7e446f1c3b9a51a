import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isEmptySystem } from '#app/stores/setup-link.ts';
import type { Database } from '#core/db/database.ts';
import { loadDemo, type DemoAccounts } from '../database/seeds/demo/load-demo.ts';
import type { Config } from './config.ts';
import { printLine } from './print.ts';

const PASSWORD_BYTES = 9;

/** Fills an empty database with the demo shops; null when something is there already. */
export async function loadDemoOnce(
  database: Database,
  config: Config,
  adminUrl: string,
): Promise<DemoAccounts | null> {
  if (!(await isEmptySystem(database))) return null;
  printLine('Opening the demo shops and sixty days of their history (once) …');
  const password = config.demoPassword ?? randomBytes(PASSWORD_BYTES).toString('base64url');
  return loadDemo({ database, adminUrl, password, mediaFolder: join(config.dataDir, 'media') });
}
