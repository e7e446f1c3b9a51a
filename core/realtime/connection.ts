import type { Duplex } from 'node:stream';
import { CLOSE, type ClientMessage, type HelloMessage } from '#client/protocol.ts';
import { newToken } from '#core/values/ids.ts';
import type { ClientSocket, SocketListener } from './client-socket.ts';
import { textFrame } from './frame.ts';
import { spend } from './inbound-budget.ts';
import type { Principal, SignedInPrincipal } from './principal.ts';
import { parseClientMessage } from './protocol.ts';
import { Subscriptions, type SubscriptionsContext } from './subscriptions.ts';
import type { Tally } from './tally.ts';
import { Wire, type WireOwner } from './wire.ts';

/** What all connections of a gateway share. */
export interface ConnectionContext extends SubscriptionsContext {
  readonly socketsOfPrincipal: Tally;
  readonly onLeave: (connection: Connection) => void;
  readonly onError: (error: unknown) => void;
}

export interface ConnectionOptions {
  readonly webSocket: ClientSocket;
  /** The TCP or TLS connection below it. */
  readonly socket: Duplex;
  /** Where the client is, for counting. */
  readonly address: string;
}

const NOBODY: Principal = { kind: 'anonymous' };
const PING = textFrame({ type: 'ping' });
const PONG = textFrame({ type: 'pong' });
const MALFORMED = textFrame({
  type: 'error',
  code: 'MALFORMED',
  detail:
    'expected a JSON text frame of the protocol (hello first, once; after welcome: subscribe, unsubscribe, ping, pong), received another',
});

/** One client, from its hello to its close. */
export class Connection implements SocketListener, WireOwner {
  readonly address: string;
  readonly #context: ConnectionContext;
  readonly #wire: Wire;
  readonly #openedAt = performance.now();
  #state: 'new' | 'greeting' | 'welcome' | 'closed' = 'new';
  #principal: Principal = NOBODY;
  #subscriptions: Subscriptions | null = null;
  #spentUntil = -Infinity;
  #heardAt = this.#openedAt;
  #pingedAt = this.#openedAt;

  constructor(context: ConnectionContext, { webSocket, socket, address }: ConnectionOptions) {
    this.#context = context;
    this.address = address;
    this.#wire = new Wire({ webSocket, socket, limits: context.limits, owner: this });
    webSocket.listen(this);
  }

  /** Anonymous until the connection was welcomed as someone else. */
  get principal(): Principal {
    return this.#principal;
  }

  /** Takes a sign of life from the client. Too many of them end the connection; answers whether it goes on. */
  touch(): boolean {
    if (this.#state === 'closed') return false;
    this.#heardAt = performance.now();
    this.#spentUntil = spend(this.#spentUntil, this.#heardAt, this.#context.limits);
    if (this.#spentUntil <= this.#heardAt) return true;
    this.close(CLOSE.tooMany);
    return false;
  }

  /** Takes the text of one frame from the client; null for a frame that is not text. */
  hear(text: string | null): void {
    if (!this.touch()) return;
    const message = text === null ? null : parseClientMessage(text);
    if (message?.type === 'hello' && this.#state === 'new') this.#run(this.#greet(message));
    else if (message && this.#subscriptions) this.#answer(message, this.#subscriptions);
    else this.#complain();
  }

  write(frame: Buffer): void {
    this.#wire.write(frame);
  }

  /** Looks at the clocks: an unsaid hello, a client that does not read, silence, the next ping. */
  tick(now: number): void {
    const { limits } = this.#context;
    if (this.#state === 'new' && now - this.#openedAt >= limits.helloTimeoutMs) {
      this.close(CLOSE.notAdmitted);
    } else if (this.#wire.isStuck(now)) {
      this.close(CLOSE.slowConsumer);
    } else if (now - this.#heardAt >= limits.silenceMaxMs) {
      this.close(CLOSE.idle);
    } else if (now - this.#pingedAt >= limits.pingIntervalMs) {
      this.#pingedAt = now;
      this.write(PING);
    }
  }

  /** Asks again whether the client may hear what it hears. */
  async recheck(): Promise<void> {
    await this.#subscriptions?.recheck();
  }

  onDrain(): void {
    if (this.#subscriptions) this.#run(this.#subscriptions.resume());
  }

  /** Ends what the client listens to and says goodbye. Only the first code counts. */
  close(code: number): void {
    this.end();
    this.#wire.close(code);
  }

  /** Lets go of everything the connection holds: the socket has gone or is going. */
  end(): void {
    if (this.#state === 'welcome') this.#uncount();
    this.#state = 'closed';
    this.#subscriptions?.end();
    this.#subscriptions = null;
  }

  leave(): void {
    this.end();
    this.#context.onLeave(this);
  }

  terminate(): void {
    this.end();
    this.#wire.terminate();
  }

  async #greet({ ticket }: HelloMessage): Promise<void> {
    this.#state = 'greeting';
    const principal = await this.#context.admission.authenticate(ticket ?? null);
    if (this.#state !== 'greeting') return;
    if (!principal) return this.close(CLOSE.notAdmitted);
    if (!this.#enter(principal)) return this.close(CLOSE.tooMany);
    this.#state = 'welcome';
    this.#principal = principal;
    this.#subscriptions = new Subscriptions(this.#context, principal, this.#wire);
    const { pingIntervalMs } = this.#context.limits;
    this.write(textFrame({ type: 'welcome', connection_id: newToken(), ping_interval_ms: pingIntervalMs }));
  }

  #answer(message: ClientMessage, subscriptions: Subscriptions): void {
    switch (message.type) {
      case 'subscribe':
        return this.#run(subscriptions.add(message));
      case 'unsubscribe':
        return subscriptions.remove(message.channel);
      case 'ping':
        return this.write(PONG);
      case 'pong':
        return;
      case 'hello':
        return this.#complain();
    }
  }

  #complain(): void {
    this.write(MALFORMED);
    this.close(CLOSE.malformed);
  }

  /** What fails here failed at the database or in the application: the client is better off elsewhere, or later. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#context.onError(error);
      this.close(CLOSE.unavailable);
    });
  }

  /** Answers false when this principal has as many sockets open as one may. */
  #enter(principal: Principal): boolean {
    if (principal.kind === 'anonymous') return true;
    const { socketsOfPrincipal } = this.#context;
    if (!socketsOfPrincipal.hasRoom(keyOf(principal))) return false;
    socketsOfPrincipal.enter(keyOf(principal));
    return true;
  }

  #uncount(): void {
    if (this.#principal.kind !== 'anonymous') this.#context.socketsOfPrincipal.leave(keyOf(this.#principal));
  }
}

/** Who is signed in is counted by person; nobody in particular is counted by address alone. */
function keyOf(principal: SignedInPrincipal): string {
  const person = principal.kind === 'staff' ? principal.staffId : principal.customerId;
  return `${principal.kind} ${principal.merchantId} ${person}`;
}
