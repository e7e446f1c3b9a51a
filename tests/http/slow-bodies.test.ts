import Fastify, { type FastifyInstance } from 'fastify';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrivalOptions, endSlowBodies } from '#core/http/slow-bodies.ts';

const LIMITS = { usualMs: 100, fileMs: 60_000 };
/** Longer than the usual limit. */
const PAUSE_MS = 300;

let server: FastifyInstance;
beforeAll(async () => {
  server = Fastify(arrivalOptions(LIMITS));
  endSlowBodies(server, LIMITS);
  server.post('/form', async ({ body }) => ({ body }));
  server.post('/file', { config: { receivesFile: [] } }, async ({ body }) => ({ body }));
  await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

/** Sends a body in two halves with a pause between them; answers the status. */
function sendSlowly(path: string): Promise<number | undefined> {
  const { port } = server.server.address() as AddressInfo;
  const headers = { 'content-type': 'application/json', 'content-length': 2 };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.once('error', reject);
    sent.write('{');
    void sleep(PAUSE_MS).then(() => sent.end('}'));
  });
}

describe('a body that comes slowly', () => {
  it('is waited for where files are received, and nowhere else', async () => {
    expect(await sendSlowly('/file')).toBe(200);
    expect(await sendSlowly('/form')).toBe(408);
  });
});
