import { WebSocket } from 'ws';
import { answer } from './program.ts';

/** Sockets that are opened at the same time. */
const OPENING_MAX = 50;
/** Found rather than parsed: one process plays the part of a thousand clients. */
const SENT_AT = /"at":([\d.]+)/;

export type CrowdRequests = {
  /** Answers once all are connected and, where there are channels, subscribed. */
  gather: { ask: { url: string; origin: string; sockets: number; channel: string }; answer: null };
  /** Answers once so many events have come since the last time, with how long they took from `payload.at`. */
  expect: { ask: number; answer: { p99Ms: number } };
};

let expected = Infinity;
let delaysMs: number[] = [];
let onComplete = () => {};

answer<CrowdRequests>({
  gather: async ({ url, origin, sockets, channel }) => {
    for (let opened = 0; opened < sockets; opened += OPENING_MAX) {
      const count = Math.min(OPENING_MAX, sockets - opened);
      await Promise.all(Array.from({ length: count }, () => join(url, origin, channel)));
    }
    return null;
  },
  expect: async (count) => {
    expected = count;
    await new Promise<void>((resolve) => {
      onComplete = resolve;
      if (delaysMs.length >= count) resolve();
    });
    const sorted = delaysMs.toSorted((a, b) => a - b);
    delaysMs = [];
    expected = Infinity;
    return { p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
  },
});

function join(url: string, origin: string, channel: string): Promise<void> {
  const socket = new WebSocket(url, { origin, perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    // A crowd that has lost one of its sockets would wait for its events for ever.
    socket.on('close', () => process.exit(1));
    socket.on('open', () => socket.send('{"type":"hello"}'));
    socket.on('message', (data) => {
      const text = data.toString();
      const at = SENT_AT.exec(text)?.[1];
      if (at !== undefined) return take(Number(at));
      const message = JSON.parse(text);
      if (message.type === 'welcome') socket.send(JSON.stringify({ type: 'subscribe', channel }));
      else if (message.type === 'subscribed') resolve();
      else if (message.type === 'ping') socket.send('{"type":"pong"}');
    });
  });
}

function take(at: number): void {
  delaysMs.push(Number(process.hrtime.bigint()) / 1e6 - at);
  if (delaysMs.length === expected) onComplete();
}
