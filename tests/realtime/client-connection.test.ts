import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffDelay } from '#client/backoff.ts';
import { CLOSE } from '#client/protocol.ts';
import { ClientWorld, FakeSocket, PING_INTERVAL_MS } from '../support/fake-socket.ts';

let world: ClientWorld;

beforeEach(() => {
  world = new ClientWorld();
});
afterEach(() => world.end());

const noEvents = { onEvent: () => undefined, onReset: () => Promise.resolve('again') };

describe('the delay before an attempt', () => {
  it('is anything from nothing up to a bound that doubles from half a second to twenty', () => {
    const bounds = Array.from({ length: 9 }, (_, attempt) => backoffDelay(attempt, () => 1));
    expect(bounds).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
    fc.assert(
      fc.property(fc.nat({ max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const delay = backoffDelay(attempt, () => random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(20_000);
      }),
    );
  });

  it('grows while connections do not last', async () => {
    await world.start();
    const delays: number[] = [];
    for (let n = 0; n < 5; n++) {
      FakeSocket.last.welcome();
      FakeSocket.last.end(1006);
      delays.push(await world.timeToNextAttempt());
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  it('is short again after a connection that lasted ten seconds', async () => {
    await world.start();
    await world.fail(4);
    FakeSocket.last.welcome();
    await vi.advanceTimersByTimeAsync(10_000);
    FakeSocket.last.end(1006);
    expect(await world.timeToNextAttempt()).toBe(500);
  });

  it('is the longest when the server has had too many', async () => {
    await world.start();
    FakeSocket.last.end(CLOSE.tooMany);
    expect(await world.timeToNextAttempt()).toBe(20_000);
  });
});

describe('the state', () => {
  it('is connecting, then live, then reconnecting since the loss, then live again', async () => {
    const startedAt = Date.now();
    await world.start();
    await vi.advanceTimersByTimeAsync(100);
    FakeSocket.last.welcome();
    await vi.advanceTimersByTimeAsync(60);
    FakeSocket.last.end(1006);
    await world.timeToNextAttempt();
    FakeSocket.last.end(1006);
    await world.timeToNextAttempt();
    FakeSocket.last.welcome();
    const lostAt = startedAt + 160;
    expect(world.states).toEqual([
      { kind: 'live', since: startedAt + 100 },
      { kind: 'reconnecting', since: lostAt, nextAttemptAt: lostAt + 500 },
      { kind: 'reconnecting', since: lostAt, nextAttemptAt: lostAt + 1500 },
      { kind: 'live', since: lostAt + 1500 },
    ]);
  });

  it('is live only when every channel is current', async () => {
    const client = await world.start();
    client.subscribe('a', noEvents);
    client.subscribe('b', noEvents);
    FakeSocket.last.welcome();
    FakeSocket.last.tell({ type: 'subscribed', channel: 'a', cursor: '1' });
    expect(client.state.kind).toBe('connecting');
    FakeSocket.last.tell({ type: 'subscribed', channel: 'b', cursor: '1' });
    expect(client.state.kind).toBe('live');
  });

  it('is offline while the device says that it has no network, and it connects when that is back', async () => {
    const events = new EventTarget();
    vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
    vi.stubGlobal('removeEventListener', events.removeEventListener.bind(events));
    vi.stubGlobal('navigator', { onLine: false });
    const client = await world.start();
    await world.fail(8);
    FakeSocket.last.end(1006);
    expect(client.state.kind).toBe('offline');
    vi.stubGlobal('navigator', { onLine: true });
    events.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(0);
    FakeSocket.last.welcome();
    expect(client.state.kind).toBe('live');
  });

  it('is closed once the application closes, and nothing is tried any more', async () => {
    const client = await world.start();
    FakeSocket.last.end(1006);
    client.close();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(client.state).toMatchObject({ kind: 'closed', code: null });
    expect(FakeSocket.opened.length).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is closed once the server refuses what this client says', async () => {
    const client = await world.start();
    FakeSocket.last.end(CLOSE.malformed);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(client.state).toMatchObject({ kind: 'closed', code: CLOSE.malformed });
    expect(FakeSocket.opened.length).toBe(1);
  });
});

describe('a ticket', () => {
  it('is fetched anew for each connection', async () => {
    let issued = 0;
    await world.start({ fetchTicket: async () => `ticket-${++issued}` });
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([{ type: 'hello', ticket: 'ticket-1' }]);
    FakeSocket.last.end(1006);
    await world.timeToNextAttempt();
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([{ type: 'hello', ticket: 'ticket-2' }]);
  });

  it('that cannot be fetched, or not in time, is an attempt that failed', async () => {
    const tickets = [
      () => Promise.reject(new Error('no network')),
      () => new Promise<string>(() => undefined),
    ];
    const client = await world.start({ fetchTicket: () => tickets.shift()?.() ?? Promise.resolve('ticket') });
    expect(client.state.kind).toBe('reconnecting');
    await world.timeToNextAttempt();
    expect(tickets).toEqual([]);
    FakeSocket.last.welcome();
    expect(client.state.kind).toBe('live');
  });

  it('that is refused twice in a row ends it: the session is over', async () => {
    const client = await world.start();
    FakeSocket.last.end(CLOSE.notAdmitted);
    await world.timeToNextAttempt();
    FakeSocket.last.end(CLOSE.notAdmitted);
    expect(client.state).toMatchObject({ kind: 'closed', code: CLOSE.notAdmitted });
  });
});

describe('a connection that is dead without saying so', () => {
  it('is given up when a ping is overdue', async () => {
    const client = await world.start();
    FakeSocket.last.welcome();
    await vi.advanceTimersByTimeAsync(PING_INTERVAL_MS + 9_000);
    expect(client.state.kind).toBe('live');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(client.state.kind).toBe('reconnecting');
  });

  it('is kept as long as pings come, which it answers', async () => {
    const client = await world.start();
    FakeSocket.last.welcome();
    for (let n = 0; n < 10; n++) {
      await vi.advanceTimersByTimeAsync(PING_INTERVAL_MS);
      FakeSocket.last.tell({ type: 'ping' });
    }
    expect(client.state.kind).toBe('live');
    expect(FakeSocket.last.said('pong')).toHaveLength(10);
  });

  it('is given up when it was never welcomed', async () => {
    await world.start();
    expect(await world.timeToNextAttempt()).toBeLessThanOrEqual(10_500);
  });

  it('is probed after the device slept, and given up when nothing comes back', async () => {
    let slept = 0;
    const client = await world.start({ now: () => Date.now() + slept });
    FakeSocket.last.welcome();
    slept = 20_000;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeSocket.last.said('ping')).toHaveLength(1);
    expect(client.state.kind).toBe('live');
    await vi.advanceTimersByTimeAsync(6_000);
    expect(client.state.kind).toBe('reconnecting');
  });

  it('is probed when the page is shown again, and kept when it answers', async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    vi.stubGlobal('document', page);
    const client = await world.start();
    FakeSocket.last.welcome();
    page.dispatchEvent(new Event('visibilitychange'));
    expect(FakeSocket.last.said('ping')).toHaveLength(1);
    FakeSocket.last.tell({ type: 'pong' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(client.state.kind).toBe('live');
  });

  it('is not probed before the welcome, which the protocol forbids', async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    vi.stubGlobal('document', page);
    await world.start();
    FakeSocket.last.open();
    page.dispatchEvent(new Event('visibilitychange'));
    expect(FakeSocket.last.sent).toEqual([{ type: 'hello' }]);
  });
});

describe('a drain', () => {
  it('moves the client at a moment of its own within the spread', async () => {
    const client = await world.start();
    FakeSocket.last.welcome();
    world.chance = 0.25;
    FakeSocket.last.tell({ type: 'drain', spread_ms: 8_000 });
    expect(await world.timeToNextAttempt()).toBe(2_000);
    FakeSocket.last.welcome();
    expect(client.state.kind).toBe('live');
  });
});
