import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

const LOOPBACK = '127.0.0.1';
const ANY_PORT = 0;

/** `preferred` when nothing listens on it on the loopback interface, else a port that the system chose. */
export async function freePort(preferred: number | undefined): Promise<number> {
  if (preferred === undefined) return probe(ANY_PORT);
  return probe(preferred).catch(() => probe(ANY_PORT));
}

async function probe(port: number): Promise<number> {
  const server = createServer().listen(port, LOOPBACK);
  await once(server, 'listening');
  const { port: found } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return found;
}
