import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#core/db/embedded-postgres.ts';
import type { BenchRow } from './bench-row.ts';
import { startProgram, type Program } from './program.ts';
import type { CrowdRequests } from './realtime-crowd.ts';
import type { ServerRequests } from './realtime-server.ts';

const WARM_UP_SOCKETS = 1_000;
const IDLE_SOCKETS = 4_000;
const FAN_OUT_SOCKETS = 2_000;
const ROUNDS = 5;
const EVENTS_PER_ROUND = 50;
const SCREENS = 1_000;
const SCREEN_EVENTS = 500;
const SCREEN_EVENTS_PER_SECOND = 50;

const CPU_RATIO_MAX = 1.15;
const RATE_RATIO_MIN = 0.85;
const MEMORY_RATIO_MAX = 1.3;
const SCREEN_P99_MAX_MS = 50;

type Server = Program<ServerRequests>;
type Crowd = Program<CrowdRequests>;

/**
 * What sockets cost, against a bare loop over the sockets of the same library that sends the same text. Each server and each crowd of clients
 * is a process of its own; events of StoreFlow go through PostgreSQL, as they do in a shop.
 */
export async function benchFanOut(): Promise<BenchRow[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'storeflow-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  const servers = {
    storeflow: startProgram<ServerRequests>('realtime-server.ts', {
      KIND: 'storeflow',
      ADMIN_URL: postgres.url,
    }),
    bare: startProgram<ServerRequests>('realtime-server.ts', { KIND: 'bare' }),
  };
  try {
    return [await memory(servers), ...(await fanOut(servers)), await commitToScreen(servers.storeflow)];
  } finally {
    await servers.storeflow.end();
    await servers.bare.end();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Servers {
  readonly storeflow: Server;
  readonly bare: Server;
}

async function memory({ storeflow, bare }: Servers): Promise<BenchRow> {
  return atMost('memory per idle socket', 'KiB', MEMORY_RATIO_MAX, {
    value: await kibPerSocket(storeflow),
    baseline: await kibPerSocket(bare),
  });
}

/** What more sockets add to a server that has some already, so that what the first of them warm up does not count. */
async function kibPerSocket(server: Server): Promise<number> {
  const some = await openCrowd(server, WARM_UP_SOCKETS, 'idle');
  const before = await server.ask('memory', null);
  const more = await openCrowd(server, IDLE_SOCKETS, 'idle');
  const after = await server.ask('memory', null);
  await some.end();
  await more.end();
  return (after - before) / 1024 / IDLE_SOCKETS;
}

async function fanOut({ storeflow, bare }: Servers): Promise<BenchRow[]> {
  const ours = await openCrowd(storeflow, FAN_OUT_SOCKETS, 'fan-out');
  const theirs = await openCrowd(bare, FAN_OUT_SOCKETS, 'fan-out');
  const rounds: { ours: Round; theirs: Round }[] = [];
  await playRound(storeflow, ours);
  await playRound(bare, theirs);
  for (let n = 0; n < ROUNDS; n++) {
    const first = await playRound(storeflow, ours);
    rounds.push({ ours: first, theirs: await playRound(bare, theirs) });
  }
  await ours.end();
  await theirs.end();
  const median = (figure: (round: Round) => number) => ({
    value: medianOf(rounds.map((round) => figure(round.ours))),
    baseline: medianOf(rounds.map((round) => figure(round.theirs))),
  });
  const to = `fan-out of one event to ${FAN_OUT_SOCKETS} sockets`;
  return [
    atMost(
      `${to}: server CPU per delivery`,
      'µs',
      CPU_RATIO_MAX,
      median(({ cpuUs }) => cpuUs),
    ),
    atLeast(
      `${to}: rate`,
      'events/s',
      RATE_RATIO_MIN,
      median(({ perSecond }) => perSecond),
    ),
  ];
}

async function openCrowd(server: Server, sockets: number, channel: string): Promise<Crowd> {
  const crowd = startProgram<CrowdRequests>('realtime-crowd.ts');
  await crowd.ask('gather', { ...(await server.ask('where', null)), sockets, channel });
  return crowd;
}

interface Round {
  readonly cpuUs: number;
  readonly perSecond: number;
}

async function playRound(server: Server, crowd: Crowd): Promise<Round> {
  const deliveries = FAN_OUT_SOCKETS * EVENTS_PER_ROUND;
  const cpuBefore = await server.ask('cpu', null);
  const seconds = await server.ask('send', { events: EVENTS_PER_ROUND, channel: 'fan-out', perSecond: null });
  await crowd.ask('expect', deliveries);
  const cpuAfter = await server.ask('cpu', null);
  return { cpuUs: (cpuAfter - cpuBefore) / deliveries, perSecond: EVENTS_PER_ROUND / seconds };
}

async function commitToScreen(server: Server): Promise<BenchRow> {
  const crowd = await openCrowd(server, SCREENS, 'screens');
  const deliveries = SCREENS * SCREEN_EVENTS;
  await server.ask('send', {
    events: SCREEN_EVENTS,
    channel: 'screens',
    perSecond: SCREEN_EVENTS_PER_SECOND,
  });
  const { p99Ms } = await crowd.ask('expect', deliveries);
  await crowd.end();
  return {
    work: `commit → screen, ${SCREENS} sockets on one channel, ${SCREEN_EVENTS_PER_SECOND} events/s: p99 from before the transaction`,
    value: p99Ms,
    unit: 'ms',
    target: `≤ ${SCREEN_P99_MAX_MS} ms`,
    holds: p99Ms <= SCREEN_P99_MAX_MS,
  };
}

interface Compared {
  readonly value: number;
  readonly baseline: number;
}

function atMost(work: string, unit: string, max: number, { value, baseline }: Compared): BenchRow {
  const ratio = value / baseline;
  return { work, value, unit, baseline, ratio, target: `≤ ${max} × bare ws`, holds: ratio <= max };
}

function atLeast(work: string, unit: string, min: number, { value, baseline }: Compared): BenchRow {
  const ratio = value / baseline;
  return { work, value, unit, baseline, ratio, target: `≥ ${min} × bare ws`, holds: ratio >= min };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
