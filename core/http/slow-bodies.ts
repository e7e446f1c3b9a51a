import { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** How long a request may take to arrive, in milliseconds. */
export interface ArrivalLimits {
  readonly usualMs: number;
  /** Of routes that receive files. */
  readonly fileMs: number;
}

/** The options of a server that gives every request time for a file; `endSlowBodies` is to hold the others to theirs. */
export function arrivalOptions({ usualMs, fileMs }: ArrivalLimits) {
  return { requestTimeout: fileMs, http: { headersTimeout: usualMs } };
}

/** Ends requests whose bodies are slower than they may be, as Node ends them: it knows one limit for all. Call before any route is added. */
export function endSlowBodies(server: FastifyInstance, { usualMs }: Pick<ArrivalLimits, 'usualMs'>): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (hasBody(request) && !request.routeOptions.config.receivesFile) endWhenLate(request, usualMs);
    done();
  });
}

function endWhenLate({ raw, server }: FastifyRequest, limitMs: number): void {
  const { socket } = raw;
  // A request that was made up within the process has no connection to hold.
  if (!(socket instanceof Socket)) return;
  const late = setTimeout(() => {
    const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    server.server.emit('clientError', error, socket);
  }, limitMs);
  raw.once('close', () => clearTimeout(late));
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
