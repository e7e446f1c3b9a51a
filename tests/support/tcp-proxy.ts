import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network between clients and nodes that can be cut at any moment. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks one open connection, chosen by a number in [0, 1); none when there is none. */
  cutOne(pick: number): void;
  cutAll(): void;
  /** Refuses new connections while `down`. */
  setDown(down: boolean): void;
  /** Lets nothing through while `frozen`, on open and new connections, and breaks none: what was sent comes when it thaws. */
  setFrozen(frozen: boolean): void;
  /** Lets nothing through on the connections that are open now, ever again, and breaks none; new ones work. */
  forget(): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  isJoined: boolean;
  isForgotten: boolean;
}

/** Forwards each connection to one of the ports, in turn: no stickiness. */
export async function startTcpProxy(ports: readonly number[]): Promise<TcpProxy> {
  const open = new Map<Socket, Pair>();
  let turn = 0;
  let isDown = false;
  let isFrozen = false;
  const server = createServer((client) => {
    client.on('error', () => undefined);
    const port = ports[turn++ % ports.length];
    if (isDown || port === undefined) return client.destroy();
    const upstream = connect(port, '127.0.0.1').on('error', () => client.destroy());
    const pair = { client, upstream, isJoined: false, isForgotten: false };
    open.set(client, pair);
    client.on('close', () => {
      open.delete(client);
      upstream.destroy();
    });
    upstream.on('close', () => client.destroy());
    return isFrozen ? undefined : join(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => open.forEach(({ client }) => client.resetAndDestroy());
  return {
    port: (server.address() as AddressInfo).port,
    cutOne: (pick) => [...open.keys()][Math.floor(pick * open.size)]?.resetAndDestroy(),
    cutAll,
    setDown: (down) => {
      isDown = down;
      if (down) cutAll();
    },
    setFrozen: (frozen) => {
      isFrozen = frozen;
      open.forEach(frozen ? part : join);
    },
    forget: () =>
      open.forEach((pair) => {
        pair.isForgotten = true;
        part(pair);
      }),
    close: async () => {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join(pair: Pair): void {
  if (pair.isJoined || pair.isForgotten) return;
  pair.isJoined = true;
  pair.client.pipe(pair.upstream).pipe(pair.client);
}

function part(pair: Pair): void {
  pair.isJoined = false;
  pair.client.unpipe(pair.upstream).pause();
  pair.upstream.unpipe(pair.client).pause();
}
