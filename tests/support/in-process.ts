import type { InjectOptions } from 'fastify';
import type { TestApp } from './app.ts';
import { httpClient, type HttpClient, type Transport } from './http-client.ts';

/** What the platform's `fetch` says of itself; sessions are tied to it. */
const FETCH_HEADERS = { accept: '*/*', 'accept-language': '*', 'user-agent': 'node' };

/** A visitor without a network in between, which would take longer than all else where requests come by the thousand. */
export function visitorInProcess({ server, visitor }: Pick<TestApp, 'server' | 'visitor'>): HttpClient {
  const transport: Transport = async (url, { method = 'GET', headers, body }) => {
    const answer = await server.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url: url.slice(visitor.origin.length),
      headers: { ...FETCH_HEADERS, ...(headers as Record<string, string>) },
      ...(typeof body === 'string' && { payload: body }),
    });
    return { status: answer.statusCode, headers: headersOf(answer.headers), text: answer.payload };
  };
  return httpClient(visitor.origin, visitor.headers, transport);
}

function headersOf(all: Readonly<Record<string, number | string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(all))
    for (const value of [values ?? []].flat()) headers.append(name, String(value));
  return headers;
}
