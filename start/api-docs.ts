import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { errorTable } from '#app/errors.ts';
import { COMPONENTS, describeOperations, operationName } from './describe-operations.ts';

/** The API's description, made from the same schemas that check its requests: /openapi.json, browsable at /docs. */
export async function describeApi(server: FastifyInstance): Promise<void> {
  const routes = new Map<string, RouteOptions>();
  server.addHook('onRoute', (route) => {
    routes.set(operationName(String(route.method), route.url), route);
  });
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'StoreFlow', version: '1', description: `${INTRODUCTION}\n\n${errorList()}` },
      tags: [
        { name: 'storefront', description: 'For visitors of a store; no sign-in.' },
        { name: 'shopper', description: 'For visitors of a store, signed in as its customer or not.' },
        {
          name: 'customer',
          description:
            'For customers who are signed in: the cookie of their session, and on writes the header X-Customer-Token with the value of the cookie storeflow_customer_token.',
        },
        { name: 'order_holder', description: 'For whoever holds an order’s token.' },
        { name: 'staff', description: 'For who works at a store: people who are signed in, and API keys.' },
        {
          name: 'staff_without_store',
          description: 'For people who are signed in, whichever store they chose.',
        },
      ],
      components: COMPONENTS as never,
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject;
      describeOperations((document.openapiObject.paths ?? {}) as never, routes);
      return document.openapiObject;
    },
  });
  await server.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { docExpansion: 'list' },
  });
}

const INTRODUCTION = [
  'Names are `snake_case`, times ISO 8601 in UTC, money whole minor units beside a `currency`, ids opaque strings, lists `{data, next_cursor}`.',
  'Unknown fields are refused. Errors are `application/problem+json` (RFC 9457) with a `code` of the list below.',
].join(' ');

function errorList(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { status, title, help }]) => `| \`${code}\` | ${status} | ${title}. ${help} |`,
  );
  return ['## Errors', '', '| code | status | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
