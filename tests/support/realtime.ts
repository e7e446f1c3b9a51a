import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { ClientMessage, ServerMessage } from '#client/protocol.ts';
import type { Database } from '#core/db/database.ts';
import type { Tenant } from '#core/db/tenant.ts';
import type { DomainEvent } from '#core/events/event.ts';
import { record } from '#core/events/record.ts';
import { Gateway, type GatewayOptions } from '#core/realtime/gateway.ts';
import { inProcessHintBus, type HintBus } from '#core/realtime/hint-bus.ts';
import { Hub } from '#core/realtime/hub.ts';
import type { Admission } from '#core/realtime/principal.ts';

/** A node that serves sockets on a free port. */
export interface RealtimeNode {
  readonly server: Server;
  readonly hub: Hub;
  readonly gateway: Gateway;
  readonly bus: HintBus;
  readonly origin: string;
  readonly url: string;
  readonly errors: unknown[];
  /** The server's ends of the open connections. */
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

export interface NodeOptions extends Partial<Omit<GatewayOptions, 'server' | 'hub' | 'onError'>> {
  readonly database: Pick<Database, 'tenant' | 'system'>;
  readonly bus?: HintBus;
  /** Whose channels everyone may hear, unless `authorise` says otherwise. */
  readonly tenant: Tenant;
}

export async function startNode(options: NodeOptions): Promise<RealtimeNode> {
  const { database, tenant, bus = inProcessHintBus(), ...gatewayOptions } = options;
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const server = createServer();
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const hub = new Hub({ database, bus, onError });
  const gateway = new Gateway({ server, hub, onError, ...openTo(tenant), ...gatewayOptions });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    server,
    hub,
    gateway,
    bus,
    origin,
    errors,
    sockets,
    url: `${origin.replace('http', 'ws')}/realtime`,
    close: async () => {
      await gateway.close({ spreadMs: 0 });
      hub.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function openTo(tenant: Tenant): Admission {
  return {
    authenticate: async () => ({ kind: 'anonymous' }),
    authorise: async () => tenant,
    ended: async () => [],
  };
}

/** A bare socket that speaks frames and remembers what it was told. */
export interface RawClient {
  readonly socket: WebSocket;
  readonly heard: ServerMessage[];
  readonly closed: Promise<number>;
  say(message: ClientMessage): void;
  /** The first frame of that type which no earlier call has answered. */
  next<Type extends ServerMessage['type']>(type: Type): Promise<Extract<ServerMessage, { type: Type }>>;
}

export async function connect(
  node: Pick<RealtimeNode, 'url' | 'origin'>,
  hello: { ticket?: string } | null = {},
  headers: Record<string, string> = { origin: node.origin },
): Promise<RawClient> {
  const socket = new WebSocket(node.url, { headers });
  const client = rawClient(socket);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  if (hello) client.say({ type: 'hello', ...hello });
  return client;
}

function rawClient(socket: WebSocket): RawClient {
  const heard: ServerMessage[] = [];
  const taken = new Set<ServerMessage>();
  let wake = Promise.withResolvers<void>();
  let open = true;
  const stir = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      open = false;
      resolve(code);
      stir();
    });
  });
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    heard.push(JSON.parse(data.toString()) as ServerMessage);
    stir();
  });
  return {
    socket,
    heard,
    closed,
    say: (message) => socket.send(JSON.stringify(message)),
    next: async (type) => {
      for (;;) {
        const found = heard.find((message) => message.type === type && !taken.has(message));
        if (found) {
          taken.add(found);
          return found as never;
        }
        if (!open) throw new Error(`expected ${type}, the socket closed after ${heard.length} frames`);
        await wake.promise;
      }
    },
  };
}

/** The HTTP status with which an upgrade is answered; 101 when it succeeds. */
export function upgradeStatus(
  node: Pick<RealtimeNode, 'url'>,
  headers: Record<string, string>,
  path = '/realtime',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${node.url.replace('/realtime', '')}${path}`, { headers });
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => resolve(statusCode));
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('close', () => reject(new Error('closed without an answer')));
  });
}

/** An event of no particular domain, carried by the given channels. */
export function anEvent(
  channels: readonly string[],
  payload: Record<string, unknown> = {},
  entityVersion = 1,
): DomainEvent {
  return {
    type: 'ThingChanged',
    entity: 'thing',
    entityId: 'thing-1',
    entityVersion,
    actor: 'system',
    payload,
    streams: channels.map((channel) => ({ channel, payload })),
    occurredAt: new Date(),
  };
}

/** Commits events one transaction each, in order. */
export async function write(
  database: Pick<Database, 'tenant'>,
  tenant: Tenant,
  channel: string,
  payloads: readonly Record<string, unknown>[],
): Promise<void> {
  for (const payload of payloads) {
    await database.tenant(tenant).write((tx) => record(tx, anEvent([channel], payload)));
  }
}
