import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { coreErrors } from '#core/http/error-table.ts';
import { handleErrors } from '#core/http/error-handler.ts';

const ERROR_LEVEL = 50;
const lines: { level: number; code?: string }[] = [];
const server = Fastify({
  logger: { stream: { write: (line: string) => void lines.push(JSON.parse(line)) } },
});

beforeAll(async () => {
  handleErrors(server, { table: coreErrors, pages: [] });
  server.post('/', () => 'read');
  await server.listen({ port: 0 });
});
afterAll(() => server.close());

it('a client that goes away while it sends is no failure of the server', async () => {
  const { port } = server.server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  client.write(
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{',
  );
  await once(server.server, 'request');
  client.resetAndDestroy();
  await expect.poll(() => lines.filter(({ code }) => code)).toMatchObject([{ code: 'MALFORMED' }]);
  expect(lines.filter(({ level }) => level >= ERROR_LEVEL)).toEqual([]);
});
