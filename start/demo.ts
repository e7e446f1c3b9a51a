import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isEmptySystem } from '#app/stores/setup-link.ts';
import type { Database } from '#core/db/database.ts';
import { loadDemo } from '../database/seeds/demo/load-demo.ts';
import type { Config } from './config.ts';
import { printDemo, printLine } from './print.ts';

const PASSWORD_BYTES = 9;

/** Fills an empty database with the demo shops, and says who may sign in to them. */
export async function loadDemoOnce(database: Database, config: Config, adminUrl: string): Promise<void> {
  if (!(await isEmptySystem(database))) return;
  printLine('Opening the demo shops and sixty days of their history (once) …');
  const password = config.demoPassword ?? randomBytes(PASSWORD_BYTES).toString('base64url');
  // Printed before anything else can go wrong: the password is kept nowhere.
  printDemo(await loadDemo({ database, adminUrl, password, mediaFolder: join(config.dataDir, 'media') }));
}
