import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '#core/db/embedded-postgres.ts';
import { migrate } from '#core/db/migrate.ts';
import { buildAssets } from '#start/build-assets.ts';
import { printLine } from '#start/print.ts';
import { browserOnDemand } from './chromium.ts';
import { scratchFolder } from './scratch.ts';

/** Each file opens connections of its own, and would wait for the thousands of rounds that make passwords of roles hard to guess. */
const SETTINGS = { max_connections: '200', scram_iterations: '1' };
const TEST_SECRET = 'the secret of the test databases';

/** Where the tests' PostgreSQL is, and the migrated database that each test file copies. */
export interface TestServer {
  readonly adminUrl: string;
  readonly template: string;
  readonly secret: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer;
    /** Answers with the address of the run's browser. */
    browserUrl: string;
  }
}

/** One PostgreSQL for the whole run: a throw-away one, or the server that `TEST_DATABASE_URL` names (its superuser). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildAssets(printLine);
  const server = await startServer();
  const template = `storeflow_template_${process.pid}`;
  const admin = postgres(server.url, { max: 1, onnotice: () => undefined });
  await admin`CREATE DATABASE ${admin(template)}`;
  await migrate({
    adminUrl: urlOf(server.url, template),
    secret: TEST_SECRET,
    folder: join(import.meta.dirname, '../../database/migrations'),
  });
  project.provide('testServer', { adminUrl: server.url, template, secret: TEST_SECRET });
  const browser = await browserOnDemand();
  project.provide('browserUrl', browser.url);
  return async () => {
    await browser.close();
    await admin`DROP DATABASE ${admin(template)} WITH (FORCE)`;
    await admin.end();
    await server.stop();
  };
}

async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return { url: given, stop: async () => undefined };
  const dataDir = await scratchFolder('test');
  const server = await startEmbeddedPostgres({
    dataDir,
    durable: false,
    log: () => undefined,
    settings: SETTINGS,
  });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = database;
  return url.href;
}
