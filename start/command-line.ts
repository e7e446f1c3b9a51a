import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { exportProducts } from '#app/imports/export-products.ts';
import { importProducts } from '#app/imports/import-products.ts';
import { replacePassword } from '#app/staff/replace-password.ts';
import { storeConfig, storeTenantBySlug } from '#app/stores/store-queries.ts';
import { analyzeGrownTables, analyzeTables } from '#core/db/analyze.ts';
import { asOwner } from '#core/db/as-owner.ts';
import { openDatabase, type Database } from '#core/db/database.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { readConfig } from './config.ts';
import { reachDatabaseServer } from './database-server.ts';
import { explain } from './explain.ts';
import { prepareDatabase } from './prepare.ts';
import {
  printImport,
  printLine,
  printNote,
  printPassword,
  printUsage,
  printVerdicts,
  progressPrinter,
} from './print.ts';
import { listenersOf } from './reactions.ts';
import { serve } from './serve.ts';
import { onceTold } from './told-to-end.ts';
import { verify } from './verify.ts';

const COMMAND_POOL_SIZE = 4;

/** Runs a command of `storeflow`; what goes wrong is said in one line and ends with code 1. */
export async function run(words: readonly string[]): Promise<void> {
  try {
    await command(words);
  } catch (error) {
    printLine(explain(error));
    process.exit(1);
  }
}

async function command([verb = 'help', ...rest]: readonly string[]): Promise<void> {
  if (verb === 'start') return serve(readConfig(process.env));
  if (verb === 'import' && rest[0] === 'products') return importCommand(rest.slice(1));
  if (verb === 'export' && rest[0] === 'products') return exportCommand(rest.slice(1));
  if (verb === 'verify') return verifyCommand(rest);
  if (verb === 'password') return passwordCommand(rest);
  printUsage();
  if (verb !== 'help' && verb !== '--help') process.exitCode = 1;
}

async function importCommand(words: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { store: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const [file] = positionals;
  if (!file || !values.store)
    throw new Error('expected: storeflow import products FILE --store SLUG [--dry-run]');
  await atStore(values.store, printLine, async (db, adminUrl) => {
    const report = await importProducts({
      db,
      input: createReadStream(file),
      dryRun: values['dry-run'],
      onGrown: () => asOwner(adminUrl, analyzeGrownTables),
      onProgress: progressPrinter(),
    });
    printImport(report);
    await asOwner(adminUrl, analyzeTables);
  });
}

/** The file goes to standard output, and nothing else does. */
async function exportCommand(words: string[]): Promise<void> {
  const { values } = parseArgs({ args: words, options: { store: { type: 'string' } } });
  if (!values.store) throw new Error('expected: storeflow export products --store SLUG');
  await atStore(values.store, printNote, async (db) => {
    const { currency } = await db.read(storeConfig);
    await pipeline(exportProducts({ db, currency, origin: '' }), process.stdout, { end: false });
  });
}

/** Ends with code 1 when anything is wrong. */
async function verifyCommand(words: string[]): Promise<void> {
  parseArgs({ args: words, options: {} });
  await withDatabase(printLine, async (database) => {
    const verdicts = await verify(database);
    printVerdicts(verdicts);
    if (verdicts.some(({ wrong }) => wrong > 0)) process.exitCode = 1;
  });
}

async function passwordCommand(words: string[]): Promise<void> {
  const { positionals } = parseArgs({ args: words, allowPositionals: true, options: {} });
  const [login] = positionals;
  if (!login) throw new Error('expected: storeflow password LOGIN');
  await withDatabase(printNote, async (database) => {
    const password = await replacePassword(database, login);
    if (password === null)
      throw new Error(
        `expected the e-mail address or user name of somebody who works here, received ${login}`,
      );
    printPassword(login, password);
  });
}

type WorkAtStore = (db: TenantDb<StoreTenant>, adminUrl: string) => Promise<void>;

async function atStore(slug: string, log: (line: string) => void, work: WorkAtStore): Promise<void> {
  await withDatabase(log, async (database, adminUrl) => {
    const tenant = await storeTenantBySlug(database, slug);
    if (!tenant) throw new Error(`--store: expected the slug of a store of this server, received ${slug}`);
    await work(database.tenant(tenant), adminUrl);
  });
}

type Work = (database: Database, adminUrl: string) => Promise<void>;

async function withDatabase(log: (line: string) => void, work: Work): Promise<void> {
  const config = readConfig(process.env);
  onceTold();
  const prepared = await prepareDatabase(config, log, reachDatabaseServer);
  const database = openDatabase({
    url: prepared.adminUrl,
    secret: prepared.secret,
    poolSize: COMMAND_POOL_SIZE,
    listenersOf,
    onCommit: () => undefined,
  });
  try {
    await work(database, prepared.adminUrl);
  } finally {
    await database.close();
    await prepared.stop();
  }
}
