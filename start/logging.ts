import type { FastifyServerOptions } from 'fastify';
import type { Config } from './config.ts';

/** JSON lines to stdout. An address may hold an order's token, so the query and the token stay out; nothing of a body is ever logged. */
export function logOptions({ logLevel }: Config): NonNullable<FastifyServerOptions['logger']> {
  return {
    level: logLevel,
    redact: ['req.headers', 'res.headers'],
    serializers: {
      req: (request) => ({ method: request.method, route: request.routeOptions?.url ?? 'unknown' }),
      err: (error: Error & { code?: string }) => ({
        type: error.name,
        message: error.message,
        code: error.code ?? '',
        stack: error.stack ?? '',
      }),
    },
  };
}
