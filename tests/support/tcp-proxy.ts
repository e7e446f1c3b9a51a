import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network between clients and nodes that can be cut at any moment. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks one open connection, chosen by a number in [0, 1); none when there is none. */
  cutOne(pick: number): void;
  cutAll(): void;
  /** Refuses new connections while `down`. */
  setDown(down: boolean): void;
  close(): Promise<void>;
}

/** Forwards each connection to one of the ports, in turn: no stickiness. */
export async function startTcpProxy(ports: readonly number[]): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let turn = 0;
  let isDown = false;
  const server = createServer((client) => {
    client.on('error', () => undefined);
    const port = ports[turn++ % ports.length];
    if (isDown || port === undefined) return client.destroy();
    const upstream = connect(port, '127.0.0.1').on('error', () => client.destroy());
    open.add(client);
    client.on('close', () => {
      open.delete(client);
      upstream.destroy();
    });
    upstream.on('close', () => client.destroy());
    return client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => open.forEach((socket) => socket.resetAndDestroy());
  return {
    port: (server.address() as AddressInfo).port,
    cutOne: (pick) => [...open][Math.floor(pick * open.size)]?.resetAndDestroy(),
    cutAll,
    setDown: (down) => {
      isDown = down;
      if (down) cutAll();
    },
    close: async () => {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
