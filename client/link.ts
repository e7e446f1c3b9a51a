import type { ClientMessage, ServerMessage } from './protocol.ts';
import { quiet } from './quiet-timer.ts';

/** From opening a socket to the server's welcome. */
const WELCOME_TIMEOUT_MS = 10_000;
/** Beyond the server's ping interval: how late a ping may be. */
const SILENCE_GRACE_MS = 10_000;
/** How long a probe may take to be answered. */
const PROBE_TIMEOUT_MS = 5_000;
const WATCH_INTERVAL_MS = 1_000;
/** A watch that comes later than this was not just delayed: the device slept. */
const CLOCK_JUMP_MS = 5_000;

/** The standard code for a connection that broke without goodbye. */
const BROKEN = 1006;

export interface LinkOptions {
  readonly url: string;
  readonly ticket: string | null;
  readonly WebSocket: new (url: string) => WebSocket;
  readonly now: () => number;
  readonly onMessage: (message: ServerMessage) => void;
  /** Called once, with the close code, unless the link was closed from this side. */
  readonly onEnd: (code: number) => void;
}

/** One socket: says hello, answers pings, and notices when nobody is there any more. */
export class Link {
  readonly #options: LinkOptions;
  readonly #socket: WebSocket;
  readonly #watch: ReturnType<typeof setTimeout>;
  readonly #closing = new AbortController();
  #welcome = false;
  #silenceMaxMs = WELCOME_TIMEOUT_MS;
  #deadline: number;
  #watchedAt: number;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#watchedAt = options.now();
    this.#deadline = this.#watchedAt + WELCOME_TIMEOUT_MS;
    this.#socket = new options.WebSocket(options.url);
    this.#listen(this.#socket);
    this.#watch = quiet(setInterval(() => this.#look(), WATCH_INTERVAL_MS));
  }

  send(message: ClientMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Makes sure soon that the other end is still there. */
  probe(): void {
    this.#deadline = Math.min(this.#deadline, this.#options.now() + PROBE_TIMEOUT_MS);
    if (this.#welcome) this.send({ type: 'ping' });
  }

  close(): void {
    clearInterval(this.#watch);
    this.#closing.abort();
    this.#socket.close();
  }

  #listen(socket: WebSocket): void {
    const { signal } = this.#closing;
    socket.addEventListener('open', () => this.#greet(), { signal });
    socket.addEventListener('message', ({ data }) => this.#hear(JSON.parse(String(data))), { signal });
    socket.addEventListener('close', ({ code }) => this.#end(code), { signal });
  }

  #greet(): void {
    const { ticket } = this.#options;
    this.send(ticket === null ? { type: 'hello' } : { type: 'hello', ticket });
  }

  #hear(message: ServerMessage): void {
    if (message.type === 'welcome') {
      this.#welcome = true;
      this.#silenceMaxMs = message.ping_interval_ms + SILENCE_GRACE_MS;
    }
    if (message.type === 'ping') this.send({ type: 'pong' });
    this.#deadline = this.#options.now() + this.#silenceMaxMs;
    this.#options.onMessage(message);
  }

  #look(): void {
    const now = this.#options.now();
    if (now >= this.#deadline) return this.#end(BROKEN);
    if (now - this.#watchedAt >= CLOCK_JUMP_MS) this.probe();
    this.#watchedAt = now;
  }

  #end(code: number): void {
    this.close();
    this.#options.onEnd(code);
  }
}
