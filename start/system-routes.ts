import { refusal } from '#app/errors.ts';
import { route } from '#app/route.ts';
import type { Database } from '#core/db/database.ts';

/** How a load balancer and a stranger find out what this is. */
export const systemRoutes = (database: Database) => [
  route({
    method: 'GET',
    path: '/',
    audience: 'anyone',
    ability: 'public.see',
    summary: 'The way to the dashboard',
    handle: ({ reply }) => reply.redirect('/dashboard', 303),
  }),
  route({
    method: 'GET',
    path: '/health/live',
    audience: 'anyone',
    ability: 'public.see',
    summary: 'Whether the process answers',
    handle: () => ({ status: 'ok' }),
  }),
  route({
    method: 'GET',
    path: '/health/ready',
    audience: 'anyone',
    ability: 'public.see',
    summary: 'Whether it can take requests: the database answers',
    handle: async () => {
      await database.directory`SELECT 1`;
      return { status: 'ok' };
    },
  }),
  route({
    method: 'GET',
    path: '/openapi.json',
    audience: 'anyone',
    ability: 'public.see',
    summary: 'The API’s description, OpenAPI 3.1',
    handle: ({ request }) => request.server.swagger(),
  }),
  // Behind the gate, so that who is signed in keeps the sidebar on the page that says so.
  route({
    method: 'GET',
    path: '/dashboard/*',
    audience: 'staff_without_store',
    ability: 'stores.choose',
    summary: 'Everything that the dashboard does not have',
    handle: () => {
      throw refusal('NOT_FOUND', 'There is nothing at this address.');
    },
  }),
];
