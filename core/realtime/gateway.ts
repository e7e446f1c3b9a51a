import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { CLOSE } from '#client/protocol.ts';
import { ClientSocket } from './client-socket.ts';
import { Connection, type ConnectionContext } from './connection.ts';
import { textFrame } from './frame.ts';
import type { Hub } from './hub.ts';
import { REALTIME_LIMITS, type RealtimeLimits } from './limits.ts';
import type { Admission, Principal, SignedInPrincipal } from './principal.ts';
import { Tally } from './tally.ts';
import { refusalOf, refuse } from './upgrade.ts';

/** The standard close code of a server that stops. */
const GOING_AWAY = 1001;

export interface GatewayOptions extends Admission {
  readonly server: Server;
  readonly hub: Hub;
  /** Origins besides the server's own host, e.g. `https://shop.example`. */
  readonly allowedOrigins?: readonly string[];
  /** The client's address; by default that of the TCP connection. */
  readonly addressOf?: (request: IncomingMessage) => string;
  /** Takes what went wrong in the background. */
  readonly onError: (error: unknown) => void;
  readonly limits?: Partial<RealtimeLimits>;
}

/** The session whose sockets are to end. */
export interface SocketSession {
  readonly kind: SignedInPrincipal['kind'];
  readonly merchantId: number;
  readonly sessionId: number;
}

/** Serves the protocol of docs/realtime.md at /realtime of an HTTP server. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #context: ConnectionContext;
  readonly #webSockets: ReturnType<typeof webSocketServer>;
  readonly #connections = new Set<Connection>();
  readonly #socketsOfAddress: Tally;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #emptied = Promise.withResolvers<void>();
  #closing = false;
  #rechecking = false;
  #asking = false;

  constructor(options: GatewayOptions) {
    const limits: RealtimeLimits = { ...REALTIME_LIMITS, ...options.limits };
    this.#options = options;
    this.#webSockets = webSocketServer(limits);
    this.#socketsOfAddress = new Tally(limits.socketsPerAddressMax);
    this.#context = {
      hub: options.hub,
      admission: options,
      limits,
      socketsOfPrincipal: new Tally(limits.socketsPerPrincipalMax),
      onLeave: (connection) => this.#forget(connection),
      onError: options.onError,
    };
    this.#timers = [
      setInterval(() => this.#sweep(), limits.sweepIntervalMs).unref(),
      setInterval(() => void this.#closeEnded(), limits.endedIntervalMs).unref(),
      setInterval(() => void this.#recheckSignedIn(), limits.recheckIntervalMs).unref(),
    ];
    options.server.on('upgrade', this.#onUpgrade);
  }

  /** How many sockets are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Asks again what the sockets of these principals may hear. Call it when rights have changed. */
  async recheck(concerns: (principal: Principal) => boolean = () => true): Promise<void> {
    for (const connection of this.#connections) {
      if (concerns(connection.principal)) await connection.recheck();
    }
  }

  /** Ends the sockets of a session that has ended. */
  closeSession(session: SocketSession): void {
    for (const connection of this.#connections) {
      if (isOfSession(connection.principal, session)) connection.close(CLOSE.notAdmitted);
    }
  }

  /** Takes no more sockets, asks all clients to move elsewhere within `spreadMs`, then ends those that stayed. */
  async close({ spreadMs }: { readonly spreadMs: number }): Promise<void> {
    this.#closing = true;
    const drain = textFrame({ type: 'drain', spread_ms: spreadMs });
    for (const connection of this.#connections) connection.write(drain);
    await this.#emptyOr(spreadMs);
    for (const connection of this.#connections) connection.close(GOING_AWAY);
    await this.#emptyOr(this.#context.limits.closeTimeoutMs);
    for (const connection of this.#connections) connection.terminate();
    for (const timer of this.#timers) clearInterval(timer);
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const address = this.#options.addressOf?.(request) ?? request.socket.remoteAddress ?? '';
    const refusal = this.#closing ? 503 : refusalOf(request, this.#options.allowedOrigins ?? []);
    if (refusal !== null) return refuse(socket, refusal);
    if (!this.#socketsOfAddress.hasRoom(address)) return refuse(socket, 429);
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#connections.add(new Connection(this.#context, { webSocket, socket, address }));
      this.#socketsOfAddress.enter(address);
    });
  };

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    this.#socketsOfAddress.leave(connection.address);
    if (this.#closing && this.#connections.size === 0) this.#emptied.resolve();
  }

  #sweep(): void {
    const now = performance.now();
    for (const connection of this.#connections) {
      if (this.#options.hub.available) connection.tick(now);
      else connection.close(CLOSE.unavailable);
    }
  }

  /** A session may have ended on another node, or by a command. */
  async #closeEnded(): Promise<void> {
    const principals = [...this.#connections].map(({ principal }) => principal).filter(isSignedIn);
    if (this.#asking || principals.length === 0) return;
    this.#asking = true;
    try {
      for (const session of await this.#options.ended(principals)) this.closeSession(session);
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#asking = false;
    }
  }

  /** Nobody else's rights can be withdrawn: whoever is not signed in holds an unguessable name. */
  async #recheckSignedIn(): Promise<void> {
    if (this.#rechecking) return;
    this.#rechecking = true;
    try {
      await this.recheck(isSignedIn);
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#rechecking = false;
    }
  }

  async #emptyOr(timeoutMs: number): Promise<void> {
    if (this.#connections.size > 0)
      await Promise.race([this.#emptied.promise, sleep(timeoutMs, undefined, { ref: false })]);
  }
}

function webSocketServer(limits: RealtimeLimits) {
  // The type definitions lag behind the library: closeTimeout is missing there.
  const options = {
    WebSocket: ClientSocket,
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.inboundFrameMaxBytes,
    closeTimeout: limits.closeTimeoutMs,
  };
  return new WebSocketServer(options);
}

function isSignedIn(principal: Principal): principal is SignedInPrincipal {
  return principal.kind !== 'anonymous';
}

function isOfSession(principal: Principal, { kind, merchantId, sessionId }: SocketSession): boolean {
  return (
    isSignedIn(principal) &&
    principal.kind === kind &&
    principal.merchantId === merchantId &&
    principal.sessionId === sessionId
  );
}
