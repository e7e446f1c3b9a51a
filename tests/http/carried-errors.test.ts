import cookie from '@fastify/cookie';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { carryErrors, takeCarried } from '#core/http/inertia/carried.ts';

const server = Fastify();
beforeAll(async () => {
  await server.register(cookie, { secret: 'a secret for tests only' });
  server.post<{ Body: Record<string, string> }>('/form', (request, reply) => {
    carryErrors(reply, request.body);
    return reply.redirect('/page', 303);
  });
  server.get('/page', (request, reply) => Object.entries(takeCarried(request, reply).errors));
});
afterAll(() => server.close());

/** What the next page is told of a form with these errors. */
async function carried(errors: Record<string, string>): Promise<[string, string][]> {
  const refused = await server.inject({ method: 'POST', url: '/form', payload: errors });
  expect(refused.statusCode).toBe(303);
  const cookies = Object.fromEntries(refused.cookies.map(({ name, value }) => [name, value]));
  return (await server.inject({ url: '/page', cookies })).json();
}

it('the errors of a form reach the next page, the first of them where not all fit into a cookie', async () => {
  const errors = Array.from({ length: 50 }, (_, row): [string, string] => [`rows.${row}`, 'é'.repeat(100)]);
  expect(await carried(Object.fromEntries(errors.slice(0, 3)))).toEqual(errors.slice(0, 3));
  const told = await carried(Object.fromEntries(errors));
  expect(told.length).toBeGreaterThan(3);
  expect(told).toEqual(errors.slice(0, told.length));
});

it('an error that is longer than a cookie is cut off', async () => {
  const [[field, text = ''] = []] = await carried({ form: 'x'.repeat(10_000) });
  expect([field, text.slice(0, 10)]).toEqual(['form', 'x'.repeat(10)]);
});
