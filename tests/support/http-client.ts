/** What a request was answered with. */
export interface Answer<Body = Json> {
  readonly status: number;
  readonly headers: Headers;
  /** As it was sent. */
  readonly text: string;
  /** Parsed, when it is JSON or a problem document. */
  readonly body: Body;
}

export type Json = Readonly<Record<string, unknown>>;

/** How a request gets to the server and its answer back. */
export type Transport = (url: string, init: RequestInit) => Promise<Omit<Answer, 'body'>>;

/** Calls a server: JSON in, JSON or text out, no redirect followed. */
export interface HttpClient {
  readonly origin: string;
  /** What it sends with every request. */
  readonly headers: Readonly<Record<string, string>>;
  get<Body = Json>(path: string, headers?: Record<string, string>): Promise<Answer<Body>>;
  post<Body = Json>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Body>>;
  patch<Body = Json>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Body>>;
  put<Body = Json>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Body>>;
  delete<Body = Json>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Body>>;
  /** Any method, and a body that is sent as it is. */
  send<Body = Json>(path: string, init: RequestInit): Promise<Answer<Body>>;
  /** The same client with these headers on every request. */
  with(headers: Record<string, string>): HttpClient;
}

export function httpClient(
  origin: string,
  always: Record<string, string> = {},
  transport: Transport = overNetwork,
): HttpClient {
  const send = async <Body>(path: string, init: RequestInit): Promise<Answer<Body>> => {
    const headers = { ...always, ...(init.headers as Record<string, string>) };
    const answer = await transport(origin + path, { redirect: 'manual', ...init, headers });
    const body = (isJson(answer) ? JSON.parse(answer.text) : undefined) as Body;
    return { ...answer, body };
  };
  const withBody = (method: string) => {
    return <Body>(path: string, body?: unknown, headers: Record<string, string> = {}) =>
      send<Body>(path, {
        method,
        headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
  };
  return {
    origin,
    headers: always,
    get: (path, headers = {}) => send(path, { headers }),
    post: withBody('POST'),
    patch: withBody('PATCH'),
    put: withBody('PUT'),
    delete: withBody('DELETE'),
    send,
    with: (headers) => httpClient(origin, { ...always, ...headers }, transport),
  };
}

async function overNetwork(url: string, init: RequestInit): Promise<Omit<Answer, 'body'>> {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function isJson({ headers }: Pick<Answer, 'headers'>): boolean {
  return /^application\/(problem\+)?json/.test(headers.get('content-type') ?? '');
}

/** What the answer asks the browser to keep: `name=value` by name. */
export function cookiesOf({ headers }: Answer<unknown>): Record<string, string> {
  const cookies = headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  return Object.fromEntries(
    cookies.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}
