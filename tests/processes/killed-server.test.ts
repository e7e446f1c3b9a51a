import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '#app/checkout/checkout-schemas.ts';
import type { RealtimeClient } from '#client/realtime-client.ts';
import { freePort } from '#core/db/embedded/free-port.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { httpClient, type HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, move } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { booksOf, booksWith } from './books.ts';
import { holdCommits, holdOrderNumbers, settled, terminate, type HeldLock } from '../support/held-lock.ts';
import { openBoard, openTracker, type Screen } from './screens.ts';
import { startServer, type Program, type ServerPlace, type ServerProcess } from './server-process.ts';

let test: TestDatabase;
let place: ServerPlace;
let server: ServerProcess;
/** What the server runs; null once it has ended. */
let running: Program | null = null;
/** Between the screens and the server; what is bought and moved goes without it. */
let network: TcpProxy;
let visitor: HttpClient;
let shops: TestMerchants;
let manager: HttpClient;
let barista: HttpClient;
let screens: Screens;
let clients: RealtimeClient[] = [];

beforeAll(async () => {
  test = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'storeflow-killed-'));
  place = { ...test, dataDir, port: await freePort(undefined) };
  network = await startTcpProxy([place.port]);
  await start('storeflow');
  visitor = httpClient(`http://127.0.0.1:${place.port}`);
  shops = await openMerchants({ ...test, visitor });
  manager = await signIn(visitor, 'manager');
  barista = await signIn(httpClient(`http://127.0.0.1:${network.port}`), 'barista');
});
afterEach(() => {
  network.setFrozen(false);
  clients.forEach((client) => client.close());
  clients = [];
});
afterAll(async () => {
  await server.kill();
  await network.close();
  await test.close();
  await rm(place.dataDir, { recursive: true });
});

async function start(program: Program): Promise<void> {
  server = await startServer(program, place);
  running = program;
  void server.ended.then(() => (running = null));
}

interface Screens {
  readonly board: Screen<{ public_id: string }[]>;
  /** Shows an order that the board shows, too. */
  readonly tracker: Screen<{ status: string }>;
  readonly watched: { readonly public_id: string; readonly version: number };
  readonly all: readonly Screen[];
}

/** Someone at the board and a customer who waits for an order, both live at a server that runs this program. */
async function openScreens(program: Program): Promise<Screens> {
  if (running === null) await start('storeflow');
  const { public_id } = expectStatus(201, await checkOut(visitor, shops.cafe, checkoutOf(shops.cafe)));
  if (running !== program) {
    await server.kill();
    await start(program);
  }
  const board = await openBoard(barista, shops.cafe);
  const tracker = await openTracker(httpClient(barista.origin), public_id);
  const all = [board, tracker];
  clients = all.map(({ client }) => client);
  for (const client of clients) await expect.poll(() => client.state.kind).toBe('live');
  return { board, tracker, watched: { public_id, version: 1 }, all };
}

/** Both screens show what the database holds, and are live, without having begun anew. */
async function expectTruth(): Promise<void> {
  for (const screen of screens.all) {
    const stored = await screen.stored();
    await expect.poll(() => screen.shown()).toEqual(stored);
    await expect.poll(() => screen.client.state.kind).toBe('live');
    expect(screen.resets()).toBe(0);
  }
}

/** A shirt, which is counted, under a key. */
const buy = (key: string) => checkOut(visitor, shops.cafe, checkoutOf(shops.cafe, 'shipping'), key);
const books = () => booksOf(test.admin, shops.cafe);

interface Killing {
  readonly when: string;
  readonly program: Program;
  /** Buys under the key and ends the server meanwhile; answers what the customer was told. */
  readonly kill: (key: string) => Promise<PlacedOrder | null>;
  /** How many orders that leaves. */
  readonly left: 0 | 1;
}

const killings: readonly Killing[] = [
  {
    when: 'right after its 201',
    program: 'storeflow',
    kill: killAfterAnswer,
    left: 1,
  },
  {
    when: 'before COMMIT',
    program: 'storeflow',
    kill: async (key) =>
      killWaiting(key, await holdOrderNumbers(test.admin, shops.cafe.tenant.storeId), { inCommit: false }),
    left: 0,
  },
  {
    when: 'in COMMIT, which the database ends',
    program: 'storeflow',
    kill: async (key) => killWaiting(key, await holdCommits(test.admin), { inCommit: true }),
    left: 1,
  },
  {
    when: 'in COMMIT, which the database gives up',
    program: 'storeflow',
    kill: async (key) => killWaiting(key, await holdCommits(test.admin), { inCommit: true, givesUp: true }),
    left: 0,
  },
  {
    when: 'between COMMIT and telling of it',
    program: 'killed at its first event',
    kill: async (key) => {
      await expect(buy(key)).rejects.toThrow('fetch failed');
      return null;
    },
    left: 1,
  },
];

async function killAfterAnswer(key: string): Promise<PlacedOrder> {
  network.setFrozen(true);
  const placed = expectStatus(201, await buy(key));
  await server.kill();
  network.cutAll();
  await expect.poll(() => clients.map(({ state }) => state.kind)).not.toContain('live');
  network.setFrozen(false);
  return placed;
}

/** The database goes on with what was sent to it once the lock is free, unless its end of the connection is ended before. */
async function killWaiting(
  key: string,
  lock: HeldLock,
  { inCommit, givesUp = false }: { readonly inCommit: boolean; readonly givesUp?: boolean },
): Promise<null> {
  const unanswered = expect(buy(key)).rejects.toThrow('fetch failed');
  try {
    const waiter = await lock.waiter();
    expect(waiter.query === 'COMMIT').toBe(inCommit);
    await server.kill();
    await unanswered;
    if (givesUp) await terminate(test.admin, waiter);
  } finally {
    await lock.release();
  }
  await settled(test.admin);
  return null;
}

describe('a checkout whose server is killed', () => {
  it.each(killings)(
    '$when, is one order or none, retried it is one, and the screens show it',
    async ({ program, kill, left }) => {
      screens = await openScreens(program);
      const seen = screens.board.shown();
      const key = randomUUID();

      const told = await kill(key);
      expect(await server.ended).toBe('SIGKILL');
      expect(screens.board.shown()).toEqual(seen);
      expect(await books()).toEqual(booksWith(seen.length + left));

      await start('storeflow');
      const placed = expectStatus(201, await buy(key));
      if (told) expect(placed).toEqual(told);
      expect(await books()).toEqual(booksWith(seen.length + 1));
      await expectTruth();
      expect(screens.board.shown()).toContainEqual(expect.objectContaining({ public_id: placed.public_id }));

      expectStatus(200, await move(manager, screens.watched, 'accepted'));
      await expectTruth();
    },
  );
});

describe('a server killed between the COMMIT of a move and telling of it', () => {
  it('leaves the order moved, and the screens show it', async () => {
    screens = await openScreens('killed at its first event');

    await expect(move(manager, screens.watched, 'accepted')).rejects.toThrow('fetch failed');
    expect(await server.ended).toBe('SIGKILL');
    expect(screens.tracker.shown()).toMatchObject({ status: 'pending' });

    await start('storeflow');
    await expectTruth();
    expect(screens.tracker.shown()).toMatchObject({ status: 'accepted' });
    expect(screens.board.shown()).toContainEqual(
      expect.objectContaining({ public_id: screens.watched.public_id, status: 'accepted' }),
    );
  });
});
