import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  allAre,
  deliveriesOf,
  factFor,
  openDeliveryTest,
  TEST_LEASE_MS,
  until,
  type DeliveryTest,
} from '../support/deliveries.ts';
import { tracer, tracesOf } from '../support/traces.ts';
import type { KillPoint } from './worker-child.ts';

let live: DeliveryTest;

beforeAll(async () => {
  live = await openDeliveryTest();
});

afterAll(() => live.close());

/** What the database shows of a delivery whose process was killed, and of its effect. */
const leftBehind: readonly { at: KillPoint; state: string; attempts: number; effects: number }[] = [
  { at: 'after the claim', state: 'running', attempts: 2, effects: 0 },
  { at: 'before the effect', state: 'running', attempts: 2, effects: 0 },
  { at: 'after the effect', state: 'running', attempts: 2, effects: 0 },
  { at: 'after COMMIT', state: 'done', attempts: 1, effects: 1 },
];

it.each(leftBehind)(
  'a worker killed $at leaves one effect in the end',
  async ({ at, state, attempts, effects }) => {
    const { admin, commit, work } = live;
    const listener = `killed_${at.replaceAll(' ', '_')}`;
    await commit(factFor([listener]));
    await killWorker(listener, at);
    expect(await deliveriesOf(admin, listener)).toMatchObject([{ state, attempts: 1 }]);
    expect(await tracesOf(admin, listener)).toHaveLength(effects);

    work([tracer(listener)]);
    await until(() => allAre(admin, listener, 'done'), 'another worker has taken over');
    await live.stopWorkers();
    expect(await tracesOf(admin, listener)).toHaveLength(1);
    expect(await deliveriesOf(admin, listener)).toMatchObject([{ state: 'done', attempts }]);
  },
);

async function killWorker(listener: string, at: KillPoint): Promise<void> {
  const { url, secret } = live.test;
  const program = join(import.meta.dirname, 'worker-child.ts');
  const args = [program, url, secret, listener, at, String(TEST_LEASE_MS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([once(child.stdout, 'data'), exited]);
  child.kill('SIGKILL');
  await exited;
  expect(String(line)).toBe('reached\n');
}
