import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Database } from '#core/db/database.ts';
import type { OutwardListener } from '#core/events/listener.ts';
import {
  allAre,
  deliveriesOf,
  factFor,
  openDeliveryTest,
  TEST_LEASE_MS,
  until,
  type DeliveryTest,
} from '../support/deliveries.ts';
import { caller, leaveTrace, tracesOf } from '../support/traces.ts';
import type { KillPoint } from './outward-child.ts';

let live: DeliveryTest;
let folder: string;

beforeAll(async () => {
  live = await openDeliveryTest();
  folder = await mkdtemp(join(tmpdir(), 'storeflow-outward-'));
});

afterEach(() => live.stopWorkers());
afterAll(async () => {
  await live.close();
  await rm(folder, { recursive: true });
});

it('calls once for an event, while nothing is open in the database, and notes the outcome with done', async () => {
  const { admin, commit, work } = live;
  const openDuring: number[] = [];
  const calls: string[] = [];
  await commit(factFor(['calling']));
  work([
    caller('calling', {
      call: async (id) => {
        calls.push(id);
        const open = await admin`
          SELECT FROM pg_stat_activity WHERE usename = 'storeflow_listener' AND datname = current_database() AND xact_start IS NOT NULL`;
        openDuring.push(open.length);
      },
    }),
  ]);
  await until(() => allAre(admin, 'calling', 'done'), 'the call is done');
  const [delivery] = await deliveriesOf(admin, 'calling');
  expect({ calls, openDuring }).toEqual({ calls: [delivery?.event_id], openDuring: [0] });
  expect(await tracesOf(admin, 'calling')).toHaveLength(1);
});

it('marks a delivery done without a call when there is nothing to be called for', async () => {
  await live.commit(factFor(['needless']));
  live.work([{ name: 'needless', prepare: async () => null }]);
  await until(() => allAre(live.admin, 'needless', 'done'), 'it is done');
});

it('repeats a call that failed, and notes only the one that did not', async () => {
  const { admin, commit, work } = live;
  const failing = { left: 1 };
  await commit(factFor(['flaky']));
  work([
    caller('flaky', {
      call: () => {
        if (failing.left-- > 0) throw new Error('nobody answered');
      },
    }),
  ]);
  await until(async () => {
    await admin`UPDATE event_deliveries SET next_attempt_at = now() WHERE listener = 'flaky' AND state = 'pending'`;
    return allAre(admin, 'flaky', 'done');
  }, 'the second call worked');
  expect(await deliveriesOf(admin, 'flaky')).toMatchObject([{ attempts: 2, last_error: null }]);
  expect(await tracesOf(admin, 'flaky')).toHaveLength(1);
});

const failing = (name: string, giveUp: NonNullable<OutwardListener['giveUp']>): OutwardListener => ({
  name,
  prepare: async () => () => Promise.reject(new Error('nobody answered')),
  giveUp,
});

it('says so in the transaction of its last failure, or dies without a word', async () => {
  const { admin, commit, work } = live;
  await commit(factFor(['telling', 'mute']));
  await admin`UPDATE event_deliveries SET attempts = 7 WHERE listener IN ('telling', 'mute')`;
  work([
    failing('telling', (tx, event) => leaveTrace(tx, event, 'telling')),
    failing('mute', () => Promise.reject(new Error('no voice'))),
  ]);
  await until(
    async () => (await allAre(admin, 'telling', 'dead')) && allAre(admin, 'mute', 'dead'),
    'both are dead',
  );
  expect(await tracesOf(admin, 'telling')).toHaveLength(1);
  expect(await deliveriesOf(admin, 'mute')).toMatchObject([
    { attempts: 8, last_error: expect.stringMatching(/^Error/) },
  ]);
});

it('cannot write while it prepares', async () => {
  const { admin, commit, work } = live;
  const writing: OutwardListener = {
    name: 'writing',
    prepare: async ({ sql }) => {
      await sql`UPDATE event_deliveries SET last_error = 'mine'`;
      return null;
    },
  };
  await commit(factFor(['writing']));
  work([writing]);
  await until(async () => (await deliveriesOf(admin, 'writing'))[0]?.last_error !== null, 'it failed');
  expect((await deliveriesOf(admin, 'writing'))[0]?.last_error).toContain('25006');
});

it('does not call once its lease has ended', async () => {
  const { admin, commit, work } = live;
  const reached = Promise.withResolvers<void>();
  const resumed = Promise.withResolvers<void>();
  const pausing: Pick<Database, 'listener' | 'system'> = {
    system: live.test.database.system,
    listener: (tenant) => {
      const db = live.test.database.listener(tenant);
      const read: typeof db.read = async (handle) => {
        if (tenant.storeId !== null) {
          reached.resolve();
          await resumed.promise;
        }
        return db.read(handle);
      };
      return { ...db, read };
    },
  };
  const calls: string[] = [];
  const stale = work([caller('late', { call: () => void calls.push('stale') })], pausing);
  await commit(factFor(['late']));
  stale.wake();
  await reached.promise;
  work([caller('late', { call: () => void calls.push('next') })]);
  await until(() => allAre(admin, 'late', 'done'), 'another worker took over');
  resumed.resolve();
  await stale.stop();
  expect(calls).toEqual(['next']);
});

/** How often an event is called for whose process was killed; each time under the same name. */
const killed: readonly { at: KillPoint; calls: number }[] = [
  { at: 'before the call', calls: 1 },
  { at: 'after the call', calls: 2 },
  { at: 'within the note', calls: 2 },
];

it('calls again under the same name when its process was killed, and notes one outcome', async () => {
  await Promise.all(killed.map(({ at }) => killWorker(at)));
  live.work(killed.map(({ at }) => caller(nameOf(at), { call: (id) => appendFile(fileOf(at), `${id}\n`) })));
  for (const { at, calls } of killed) {
    await until(() => allAre(live.admin, nameOf(at), 'done'), `another worker has taken over, killed ${at}`);
    const [delivery] = await deliveriesOf(live.admin, nameOf(at));
    const called = (await readFile(fileOf(at), 'utf8')).split('\n').filter(Boolean);
    expect(called, at).toEqual(Array.from({ length: calls }, () => delivery?.event_id));
    expect(await tracesOf(live.admin, nameOf(at)), at).toHaveLength(1);
  }
});

const nameOf = (at: KillPoint) => `killed_${at.replaceAll(' ', '_')}`;
const fileOf = (at: KillPoint) => join(folder, nameOf(at));

async function killWorker(at: KillPoint): Promise<void> {
  await live.commit(factFor([nameOf(at)]));
  const { url, secret } = live.test;
  const program = join(import.meta.dirname, 'outward-child.ts');
  const args = [program, url, secret, nameOf(at), at, String(TEST_LEASE_MS), fileOf(at)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([once(child.stdout, 'data'), exited]);
  child.kill('SIGKILL');
  await exited;
  expect(String(line)).toBe('reached\n');
  expect(await deliveriesOf(live.admin, nameOf(at))).toMatchObject([{ state: 'running', attempts: 1 }]);
}
