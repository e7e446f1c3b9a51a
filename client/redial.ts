import { backoffDelay } from './backoff.ts';
import { Link } from './link.ts';
import { CLOSE, type ClientMessage, type ServerMessage } from './protocol.ts';
import { within } from './within.ts';

/** A connection that lived that long was a good one: the next loss starts the backoff anew. */
const STABLE_AFTER_MS = 10_000;
const TICKET_TIMEOUT_MS = 10_000;
/** So many fresh tickets refused in a row mean that the session has ended. */
const TICKETS_REFUSED_MAX = 2;
/** Far enough that its delay has the longest bound. */
const LATE_ATTEMPT = 10;

export interface RedialOptions {
  readonly url: string;
  readonly fetchTicket: () => Promise<string | null>;
  readonly WebSocket: new (url: string) => WebSocket;
  readonly random: () => number;
  readonly now: () => number;
  readonly onWelcome: () => void;
  readonly onMessage: (message: ServerMessage) => void;
  /** The connection is lost, or could not be made for the `failures`th time since the last good one. */
  readonly onLost: (failures: number, nextAttemptAt: number) => void;
  /** The server has refused for good. */
  readonly onRefused: (code: number) => void;
}

/** Keeps a link to the server: a fresh ticket and a new socket whenever the last one is lost. */
export class Redial {
  readonly #options: RedialOptions;
  #link: Link | null = null;
  /** Identifies the attempt under way, so that one which was overtaken changes nothing. */
  #attempt: symbol | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #welcomedAt: number | null = null;
  #failures = 0;
  #ticketsRefused = 0;

  constructor(options: RedialOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#welcomedAt !== null;
  }

  /** Connects now, whatever the backoff says. Does nothing while an attempt is under way. */
  dial(): void {
    if (this.#attempt) return;
    clearTimeout(this.#timer);
    void this.#connect();
  }

  /** Says something if the server has welcomed the connection. */
  send(message: ClientMessage): void {
    if (this.isUp) this.#link?.send(message);
  }

  /** The device may just have come back: make sure of the link, or make one. */
  wake(): void {
    if (this.#link) this.#link.probe();
    else this.dial();
  }

  /** Connects anew at a random moment within the spread, because the server asks for it. */
  move(spreadMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.close();
      this.#options.onLost(0, this.#options.now());
      this.dial();
    }, this.#options.random() * spreadMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#link?.close();
    this.#link = this.#attempt = this.#welcomedAt = null;
  }

  async #connect(): Promise<void> {
    const attempt = Symbol('attempt');
    this.#attempt = attempt;
    const ticket = await this.#fetchTicket();
    if (this.#attempt !== attempt) return;
    if (ticket === undefined) this.#retry(this.#failures);
    else this.#link = this.#open(ticket);
  }

  /** Undefined when it could not be had. */
  #fetchTicket(): Promise<string | null | undefined> {
    return within(TICKET_TIMEOUT_MS, this.#options.fetchTicket()).catch(() => undefined);
  }

  #open(ticket: string | null): Link {
    return new Link({
      ...this.#options,
      ticket,
      onMessage: (message) => this.#hear(message),
      onEnd: (code) => this.#lose(code),
    });
  }

  #hear(message: ServerMessage): void {
    if (message.type !== 'welcome') return this.#options.onMessage(message);
    this.#welcomedAt = this.#options.now();
    this.#ticketsRefused = 0;
    this.#options.onWelcome();
  }

  #lose(code: number): void {
    if (this.#wasStable()) this.#failures = 0;
    if (code === CLOSE.notAdmitted) this.#ticketsRefused += 1;
    const refused = code === CLOSE.malformed || this.#ticketsRefused >= TICKETS_REFUSED_MAX;
    if (refused) this.#options.onRefused(code);
    else this.#retry(code === CLOSE.tooMany ? LATE_ATTEMPT : this.#failures);
  }

  #wasStable(): boolean {
    return this.#welcomedAt !== null && this.#options.now() - this.#welcomedAt >= STABLE_AFTER_MS;
  }

  #retry(attempt: number): void {
    this.close();
    this.#failures += 1;
    const delayMs = backoffDelay(attempt, this.#options.random);
    this.#timer = setTimeout(() => this.dial(), delayMs);
    this.#options.onLost(this.#failures, this.#options.now() + delayMs);
  }
}
