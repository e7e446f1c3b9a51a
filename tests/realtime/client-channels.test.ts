import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PollAnswer } from '#client/protocol.ts';
import { ClientWorld, eventAt, FakeSocket } from '../support/fake-socket.ts';

let world: ClientWorld;

beforeEach(() => {
  world = new ClientWorld();
});
afterEach(() => world.end());

const tellEvent = (seq: number) => FakeSocket.last.tell(eventAt(seq));
const noEvents = { onEvent: () => undefined, onReset: () => Promise.resolve('again') };

describe('an application', () => {
  it('gets each event once and in order, and missing ones are asked for again', async () => {
    const client = await world.start();
    const seen: unknown[] = [];
    client.subscribe('a', { ...noEvents, cursor: 'c0', onEvent: ({ id }) => seen.push(id) });
    FakeSocket.last.welcome();
    [1, 2, 2, 1].forEach(tellEvent);
    FakeSocket.last.tell({ type: 'subscribed', channel: 'a', cursor: 'c2' });
    [3, 5, 6].forEach(tellEvent);
    expect(FakeSocket.last.said('subscribe')).toEqual([
      { type: 'subscribe', channel: 'a', cursor: 'c0' },
      { type: 'subscribe', channel: 'a', cursor: 'c3' },
    ]);
    [4, 5, 6].forEach(tellEvent);
    expect(seen).toEqual(['e1', 'e2', 'e3', 'e4', 'e5', 'e6']);
  });

  it('is asked for a snapshot after a reset until it has one, and goes on from its cursor', async () => {
    const client = await world.start();
    const snapshots = [() => Promise.reject(new Error('no network')), () => Promise.resolve('fresh')];
    client.subscribe('a', { ...noEvents, cursor: 'old', onReset: () => snapshots.shift()!() });
    FakeSocket.last.welcome();
    FakeSocket.last.tell({ type: 'reset', channel: 'a' });
    FakeSocket.last.tell(eventAt(7));
    await vi.advanceTimersByTimeAsync(500);
    expect(FakeSocket.last.said('subscribe').at(-1)).toEqual({
      type: 'subscribe',
      channel: 'a',
      cursor: 'fresh',
    });
  });

  it('is told when a channel is refused, and is not bothered about it again', async () => {
    const client = await world.start();
    const refused: string[] = [];
    client.subscribe('a', { ...noEvents, onRefused: (code) => refused.push(code) });
    FakeSocket.last.welcome();
    FakeSocket.last.tell({ type: 'refused', channel: 'a', code: 'CHANNEL_NOT_FOUND' });
    expect(client.state.kind).toBe('live');
    FakeSocket.last.end(1006);
    await world.timeToNextAttempt();
    FakeSocket.last.welcome();
    expect(FakeSocket.last.said('subscribe')).toEqual([]);
    expect(refused).toEqual(['CHANNEL_NOT_FOUND']);
  });
});

describe('where sockets do not get through', () => {
  it('events are polled, from where the socket stopped, until a socket gets through', async () => {
    const asked: string[] = [];
    const answers: PollAnswer[] = [{ events: [eventAt(1), eventAt(2)], cursor: 'c2' }];
    const seen: unknown[] = [];
    const client = await world.start({
      fetchEvents: async (_, cursor) => {
        asked.push(cursor);
        return answers.shift() ?? { events: [], cursor };
      },
    });
    client.subscribe('a', { ...noEvents, cursor: 'c0', onEvent: ({ id }) => seen.push(id) });
    await world.fail(3);
    expect(client.state.kind).toBe('polling');
    expect(seen).toEqual(['e1', 'e2']);
    FakeSocket.last.end(1006);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked.length).toBeGreaterThan(1);
    expect(asked).toEqual(['c0', ...asked.slice(1).map(() => 'c2')]);
    await world.timeToNextAttempt();
    FakeSocket.last.welcome();
    expect(FakeSocket.last.said('subscribe')).toEqual([{ type: 'subscribe', channel: 'a', cursor: 'c2' }]);
    FakeSocket.last.tell({ type: 'subscribed', channel: 'a', cursor: 'c2' });
    expect(client.state.kind).toBe('live');
    const polls = asked.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(polls);
  });

  it('an answer that a socket has overtaken is not applied', async () => {
    const answer = Promise.withResolvers<PollAnswer>();
    const seen: unknown[] = [];
    const client = await world.start({ fetchEvents: () => answer.promise });
    client.subscribe('a', { ...noEvents, cursor: 'c0', onEvent: ({ id }) => seen.push(id) });
    await world.fail(3);
    FakeSocket.last.welcome();
    answer.resolve({ events: [eventAt(1)], cursor: 'c1' });
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([]);
    FakeSocket.last.tell(eventAt(1));
    expect(seen).toEqual(['e1']);
  });

  it('a reset leads to a snapshot there, too', async () => {
    let reset = true;
    const asked: string[] = [];
    const client = await world.start({
      fetchEvents: async (_, cursor) => {
        asked.push(cursor);
        return reset ? { reset } : { events: [], cursor };
      },
    });
    client.subscribe('a', {
      ...noEvents,
      cursor: 'old',
      onReset: async () => {
        reset = false;
        return 'fresh';
      },
    });
    await world.fail(4);
    expect(asked[0]).toBe('old');
    expect(asked.at(-1)).toBe('fresh');
  });

  it('a server that answers polls again is tried with a socket at once', async () => {
    let away = true;
    await world
      .start({
        fetchEvents: async (_, cursor) => {
          if (away) throw new Error('the server is away');
          return { events: [], cursor };
        },
      })
      .then((client) => client.subscribe('a', { ...noEvents, cursor: 'c0' }));
    await world.fail(9);
    FakeSocket.last.end(1006);
    away = false;
    expect(await world.timeToNextAttempt()).toBeLessThanOrEqual(2_000);
  });
});
