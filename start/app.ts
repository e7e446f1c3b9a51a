import { join } from 'node:path';
import multipart from '@fastify/multipart';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { ChannelCache } from '#core/cache/channel-cache.ts';
import { analyzeGrownTables } from '#core/db/analyze.ts';
import { asOwner } from '#core/db/as-owner.ts';
import { openDatabase, type Database } from '#core/db/database.ts';
import type { MediaDisk } from '#core/files/media.ts';
import { handleErrors } from '#core/http/error-handler.ts';
import { inertia } from '#core/http/inertia.ts';
import { guardRoutes, registerRoutes } from '#core/http/pipeline.ts';
import { compilingLate, fastifySerializers } from '#core/http/serialization.ts';
import { compileValidator } from '#core/http/validation.ts';
import { arrivalOptions, endSlowBodies } from '#core/http/slow-bodies.ts';
import { inProcessHintBus, type HintBus } from '#core/realtime/hint-bus.ts';
import { uuidv7 } from '#core/values/uuid.ts';
import { reachOf } from '#core/webhooks/public-addresses.ts';
import { importRunner, type ImportRunner } from '#app/imports/import-runner.ts';
import { customerCookies as cookiesOfCustomers } from '#app/customers/customer-cookie.ts';
import { errorTable } from '#app/errors.ts';
import { staffCookies } from '#app/staff/staff-cookie.ts';
import { storeDirectory } from '#app/stores/store-directory.ts';
import { createThemes, type Themes } from '#app/storefront/theme-renderer.ts';
import { loadStorefrontAssets, STOREFRONT_ASSETS_PREFIX } from '#app/storefront/storefront-assets.ts';
import type { Config } from './config.ts';
import { describeApi } from './api-docs.ts';
import { openPayments } from './payments.ts';
import { problemPages } from './problem-pages.ts';
import { shopGates } from './gates.ts';
import { PROJECT_FOLDER } from './project-folder.ts';
import { keyLimit } from './key-gate.ts';
import { logOptions } from './logging.ts';
import { openMedia } from './media.ts';
import { listenersOf, startReactions } from './reactions.ts';
import { openPostOffice } from './post-office.ts';
import { openRealtime } from './realtime.ts';
import { shopRoutes } from './routes.ts';
import { secure } from './security.ts';
import { sharedProps } from './shared-props.ts';

/** The largest body of a request, in bytes. */
const BODY_MAX_BYTES = 256 * 1024;
/** How long clients are given to move to another node when this one stops. */
const DRAIN_SPREAD_MS = 1_000;
/** How long a request may take to arrive. A file of 100 MiB needs as long at a megabit a second. */
const ARRIVAL_LIMITS = { usualMs: 30_000, fileMs: 15 * 60_000 };
/** Of one part of an address, in characters. */
const PARAMETER_LENGTH_MAX = 300;

const DASHBOARD_ASSETS_PREFIX = '/assets/dashboard/';

export interface App {
  readonly server: FastifyInstance;
  readonly database: Database;
  /** Where pictures are kept. */
  readonly media: MediaDisk;
  /** Drains and ends everything that the app opened. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  /** Where the database is; the roles' own passwords replace what is in it. */
  readonly databaseUrl: string;
  readonly secret: string;
  /** Carries hints between the nodes that share the database. Default: within this process. */
  readonly bus?: HintBus;
}

/** Puts the server together: database, pipeline, routes, real time. It does not listen yet. */
export async function createApp({
  config,
  databaseUrl,
  secret,
  bus = inProcessHintBus(),
}: AppOptions): Promise<App> {
  const reactions = startReactions();
  const payments = openPayments({ ...config, secret });
  const database = openDatabase({
    url: databaseUrl,
    secret,
    poolSize: config.databasePool,
    listenersOf,
    onCommit: (events) => {
      bus.publish(events);
      reactions.wake(events);
      payments.wake(events);
    },
  });
  const server = await createServer(config, secret, database);
  const media = await openMedia(config, server);
  const { hub, gateway } = openRealtime({ app: server, database, bus, config });
  const postOffice = openPostOffice(config, secret);
  const reach = reachOf({ allowPrivate: config.webhooksAllowPrivate });
  reactions.run({ database, post: postOffice.post, reach, secret, log: server.log });
  payments.run(database, server.log);
  const cookies = staffCookies({ secure: config.secureCookies });
  const customerCookies = cookiesOfCustomers({ secure: config.secureCookies });
  const stores = storeDirectory(database, new ChannelCache(hub));
  const themes = openThemes();
  const imports = openImports(config, databaseUrl, server.log);
  handleErrors(server, { table: errorTable, pages: problemPages({ cookies, stores, themes }) });
  const closeSockets = (session: { merchantId: number; sessionId: number }) =>
    gateway.closeSession({ kind: 'staff', ...session });
  const doors = {
    database,
    cookies,
    customerCookies,
    secret,
    reach,
    themes,
    publicUrl: config.publicUrl,
    payments: { providers: payments.providers, stripe: config.stripe },
    media,
    imports,
    closeSockets,
  };
  registerRoutes(
    server,
    [...shopRoutes(doors), ...postOffice.routes],
    shopGates({ ...doors, stores, limitKeys: config.rateLimits ? keyLimit(server) : null }),
  );
  return {
    server,
    database,
    media,
    close: async () => {
      await gateway.close({ spreadMs: DRAIN_SPREAD_MS });
      hub.close();
      await server.close();
      await Promise.all([reactions.stop(), payments.stop(), imports.stop()]);
      bus.close();
      await database.close();
    },
  };
}

function openThemes(): Themes {
  return createThemes({
    folder: join(PROJECT_FOLDER, 'storefront/themes'),
    assets: loadStorefrontAssets(distFolder('storefront')),
    cache: true,
  });
}

function openImports({ dataDir }: Config, databaseUrl: string, log: FastifyBaseLogger): ImportRunner {
  return importRunner({
    folder: join(dataDir, 'imports'),
    onGrown: () => asOwner(databaseUrl, analyzeGrownTables),
    onError: (error) => log.error({ err: error }, 'an import failed'),
  });
}

async function createServer(config: Config, secret: string, database: Database): Promise<FastifyInstance> {
  const server = Fastify({
    logger: logOptions(config),
    genReqId: uuidv7,
    // One hop: what the proxy adds is true, what stands before it is what the customer wrote.
    trustProxy: config.trustProxy && ((_address, hop) => hop === 0),
    bodyLimit: BODY_MAX_BYTES,
    ...arrivalOptions(ARRIVAL_LIMITS),
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    // Addresses that cannot be read are refused before any route; their problem goes the way of all.
    frameworkErrors: (error, request, reply) => void server.errorHandler(error, request, reply),
  });
  server.setValidatorCompiler(compileValidator);
  server.setSerializerCompiler(compilingLate(await fastifySerializers()));
  endSlowBodies(server, ARRIVAL_LIMITS);
  await secure(server, config, secret);
  guardRoutes(server, ({ url }) => /^\/(assets|media|docs)(\/|$)/.test(url));
  await readUploads(server);
  await serveAssets(server);
  await describeApi(server);
  await server.register(inertia, {
    manifestPath: join(distFolder('dashboard'), '.vite/manifest.json'),
    assetsBase: DASHBOARD_ASSETS_PREFIX,
    title: 'StoreFlow',
    share: (request) => sharedProps(database, request),
  });
  return server;
}

/** Files come as streams, which their routes read to a bound of their own. */
async function readUploads(server: FastifyInstance): Promise<void> {
  await server.register(multipart);
  server.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
}

/** Built assets carry a hash of their content in their names, so a browser may keep them for ever. */
async function serveAssets(server: FastifyInstance): Promise<void> {
  const forEver = {
    immutable: true,
    maxAge: '1y',
    index: false,
    wildcard: true,
    preCompressed: true,
  } as const;
  await server.register(fastifyStatic, {
    root: distFolder('dashboard'),
    prefix: DASHBOARD_ASSETS_PREFIX,
    ...forEver,
  });
  await server.register(fastifyStatic, {
    root: distFolder('storefront'),
    prefix: STOREFRONT_ASSETS_PREFIX,
    decorateReply: false,
    ...forEver,
  });
}

function distFolder(part: 'dashboard' | 'storefront'): string {
  return join(PROJECT_FOLDER, 'dist', part);
}
