import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type postgres from 'postgres';
import { DomainError } from '#core/values/domain-error.ts';
import { createApp, type App } from '#start/app.ts';
import { readConfig, type Config } from '#start/config.ts';
import type { Database } from '#core/db/database.ts';
import { testDatabase } from './database.ts';
import { undeclaredCodes } from './declared-codes.ts';
import { httpClient, type HttpClient } from './http-client.ts';

/** The whole server on a database of its own, reached as browsers reach it. */
export interface TestApp {
  readonly server: App['server'];
  readonly database: Database;
  /** A superuser's connection, for looking behind the walls. */
  readonly admin: postgres.Sql;
  /** The server's secret, with which it makes the links of mails. */
  readonly secret: string;
  /** A visitor who is not signed in. */
  readonly visitor: HttpClient;
  /** Ends the server; answers another one on the same database. Only the newest is to be closed. */
  restart(): Promise<TestApp>;
  close(): Promise<void>;
}

/** Settings that differ from those of tests, and another way to the database. */
export interface TestAppOptions extends Partial<Config> {
  /** Gives the address under which the server reaches its database. */
  readonly reach?: (url: URL) => URL | Promise<URL>;
}

/** Starts the server on a free port. Rate limits are off unless `rateLimits` says otherwise. */
export async function testApp({ reach = (url) => url, ...overrides }: TestAppOptions = {}): Promise<TestApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'storeflow-app-'));
  const test = await testDatabase();
  const config = { ...readConfig({ ...SETTINGS, DATA_DIR: dataDir }), ...overrides };
  const databaseUrl = (await reach(new URL(test.url))).href;
  const start = async (): Promise<TestApp> => {
    const { server, database, close } = await createApp({ config, databaseUrl, secret: test.secret });
    const undeclared = undeclaredCodes(server);
    tellFailures(server);
    await server.listen({ host: config.host, port: config.port });
    const { port } = server.server.address() as AddressInfo;
    return {
      server,
      database,
      admin: test.admin,
      secret: test.secret,
      visitor: httpClient(`http://${config.host}:${port}`),
      restart: async () => {
        await close();
        return start();
      },
      close: async () => {
        await close();
        await test.close();
        await rm(dataDir, { recursive: true });
        if (undeclared.size > 0) throw new Error([...undeclared].join('\n'));
      },
    };
  };
  return start();
}

/** The log of a test is silent; what nobody expected is told all the same, so that a failure which comes but once leaves its reason. */
function tellFailures(server: FastifyInstance): void {
  server.addHook('onError', async ({ method, url }, _reply, error) => {
    if (error instanceof DomainError || error.statusCode !== undefined || 'validation' in error) return;
    process.stderr.write(`${method} ${url} failed: ${error.stack}\n`);
  });
}

const SETTINGS = {
  NODE_ENV: 'test',
  PORT: '0',
  LOG_LEVEL: 'silent',
  RATE_LIMITS: 'off',
  // Where nobody listens: no test asks Stripe itself.
  STRIPE_API_BASE: 'http://127.0.0.1:9',
};
