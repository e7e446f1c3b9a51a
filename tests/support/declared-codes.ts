import type { FastifyInstance, FastifyRequest } from 'fastify';
import { codesOf } from '#start/route-codes.ts';

/** Codes with which documented routes were answered although they do not declare them, as sentences. */
export function undeclaredCodes(server: FastifyInstance): ReadonlySet<string> {
  const found = new Set<string>();
  server.addHook('onSend', async (request, reply, payload) => {
    if (!String(reply.getHeader('content-type')).startsWith('application/problem+json')) return;
    const { code } = JSON.parse(String(payload)) as { code: string };
    const { method, config, url } = request.routeOptions;
    if (!isDocumented(request) || codesOf({ method: String(method), config }).some((name) => name === code))
      return;
    found.add(
      `${String(method)} ${url} answered ${code}: add it to the errors of the route, for the API’s description`,
    );
  });
  return found;
}

function isDocumented({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.isDocumented === true;
}
