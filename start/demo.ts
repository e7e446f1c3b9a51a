import { randomBytes } from 'node:crypto';
import { isEmptySystem } from '#app/stores/setup-link.ts';
import { openDatabase } from '#core/db/database.ts';
import { loadDemo } from '../database/seeds/demo/load-demo.ts';
import type { App } from './app.ts';
import type { Config } from './config.ts';
import type { Prepared } from './prepare.ts';
import { printDemo, printLine } from './print.ts';
import { listenersWithin } from './reactions.ts';

const PASSWORD_BYTES = 9;
const CONNECTIONS_MAX = 12;

/** Fills an empty database with the demo shops, and says who may sign in to them. */
export async function loadDemoOnce(
  { database, media }: Pick<App, 'database' | 'media'>,
  config: Config,
  prepared: Prepared,
): Promise<void> {
  if (!(await isEmptySystem(database))) return;
  printLine('Opening the demo shops and sixty days of their history (once) …');
  const password = config.demoPassword ?? randomBytes(PASSWORD_BYTES).toString('base64url');
  // Printed before anything else can go wrong: the password is kept nowhere.
  printDemo(await loadQuietly(prepared, { password, media }));
}

/** Nobody gets a mail about sixty days that never were. */
async function loadQuietly(
  { adminUrl, secret }: Prepared,
  demo: Pick<Parameters<typeof loadDemo>[0], 'password' | 'media'>,
): ReturnType<typeof loadDemo> {
  const database = openDatabase({
    url: adminUrl,
    secret,
    poolSize: CONNECTIONS_MAX,
    listenersOf: listenersWithin,
    onCommit: () => undefined,
  });
  try {
    return await loadDemo({ ...demo, database, adminUrl });
  } finally {
    await database.close();
  }
}
