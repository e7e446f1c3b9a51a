import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance, type InjectOptions, type LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { securityHeaders } from '#core/http/security-headers.ts';
import { inertia } from '#core/http/inertia.ts';

const MANIFEST = {
  'main.ts': { file: 'assets/main-1a.js', css: ['assets/main-1a.css'], imports: ['_shared.js'] },
  'theme.ts': { file: 'assets/theme-2b.js' },
  '_shared.js': { file: 'assets/shared-3c.js' },
  'pages/orders/Board.vue': {
    file: 'assets/Board-4d.js',
    css: ['assets/Board-4d.css'],
    imports: ['_shared.js', 'main.ts'],
  },
  'pages/Error.vue': { file: 'assets/Error-5e.js' },
};

const folder = mkdtempSync(join(tmpdir(), 'inertia-'));
const manifestPath = join(folder, 'manifest.json');
const expensive = vi.fn(async () => 'expensive');
let app: FastifyInstance;

async function secured(): Promise<FastifyInstance> {
  const server = Fastify();
  await server.register(cookie, { secret: 'a secret for tests only' });
  await server.register(securityHeaders, {
    directives: { 'default-src': ["'self'"], 'style-src': ["'self'"] },
    httpsOnly: false,
  });
  return server;
}

async function build(): Promise<FastifyInstance> {
  const server = await secured();
  await server.register(inertia, {
    manifestPath,
    assetsBase: '/assets/dashboard/',
    title: 'Store & Flow',
    share: () => ({ staff: 'Ada', cheap: 'shared' }),
  });
  server.get('/board', (_request, reply) => reply.inertia('orders/Board', { cheap: 'own', expensive }));
  server.get('/lost', (_request, reply) => reply.code(404).inertia('Error', { code: 'NOT_FOUND' }));
  server.get('/evil', (_request, reply) =>
    reply.inertia('Error', { text: '</script><script>alert(1)</script>\u2028' }),
  );
  server.get('/unbuilt', (_request, reply) => reply.inertia('Nowhere'));
  server.post('/move', (_request, reply) => reply.flash({ message: 'Moved' }).redirect('/board', 303));
  server.post('/refused', (_request, reply) => reply.code(409).inertia('Error'));
  server.post('/form', (_request, reply) => reply.backWithErrors({ name: 'is required' }));
  server.post('/boast', (_request, reply) => reply.flash({ message: 'x'.repeat(5_000) }).send());
  return server;
}

beforeAll(async () => {
  writeFileSync(manifestPath, JSON.stringify(MANIFEST));
  app = await build();
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => expensive.mockClear());

interface Page {
  component: string;
  props: Record<string, unknown>;
  url: string;
  version: string;
  flash?: Record<string, unknown>;
}

function pageIn(answer: LightMyRequestResponse): Page {
  const json = /<script data-page="app" type="application\/json">(.*)<\/script>/.exec(answer.body)?.[1];
  return JSON.parse(json ?? answer.body) as Page;
}

const currentVersion = async () => pageIn(await app.inject('/board')).version;

async function visit(url: string, headers: InjectOptions['headers'] = {}): Promise<LightMyRequestResponse> {
  const version = await currentVersion();
  return app.inject({ url, headers: { 'x-inertia': 'true', 'x-inertia-version': version, ...headers } });
}

const partial = (headers: Record<string, string>) =>
  visit('/board', { 'x-inertia-partial-component': 'orders/Board', ...headers });

const cookieOf = (answer: LightMyRequestResponse) => {
  const [first] = answer.cookies;
  return { cookie: `${first?.name}=${encodeURIComponent(first?.value ?? '')}` };
};

describe('a first visit', () => {
  it('answers a document that holds the page and loads the scripts and styles of its component', async () => {
    const answer = await app.inject('/board?wall=1');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(pageIn(answer)).toMatchObject({
      component: 'orders/Board',
      url: '/board?wall=1',
      props: { staff: 'Ada', cheap: 'own', expensive: 'expensive', errors: {} },
    });
    expect(answer.body).toContain('<script type="module" src="/assets/dashboard/assets/main-1a.js">');
    for (const style of ['main-1a', 'Board-4d']) {
      expect(answer.body).toContain(`<link rel="stylesheet" href="/assets/dashboard/assets/${style}.css">`);
    }
    for (const script of ['shared-3c', 'Board-4d']) {
      expect(answer.body).toContain(
        `<link rel="modulepreload" href="/assets/dashboard/assets/${script}.js">`,
      );
    }
  });

  it('sets the theme before the first paint, in a classic script', async () => {
    const { body } = await app.inject('/board');
    expect(body).toContain('<script src="/assets/dashboard/assets/theme-2b.js"></script>');
    expect(body.indexOf('theme-2b')).toBeLessThan(body.indexOf('stylesheet'));
  });

  it('hands the style nonce of the content policy to the page, and has no inline script but data', async () => {
    const { body, headers } = await app.inject('/board');
    const nonce = /name="csp-nonce" property="csp-nonce" content="([^"]+)"/.exec(body)?.[1];
    expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(body.match(/<script(?![^>]*src=)[^>]*>/g)).toEqual([
      '<script data-page="app" type="application/json">',
    ]);
  });

  it('keeps values that would end the script element inside the data', async () => {
    const answer = await app.inject('/evil');
    expect(answer.body).not.toContain('</script><script>alert');
    expect(answer.body).not.toContain('\u2028');
    expect(pageIn(answer).props['text']).toBe('</script><script>alert(1)</script>\u2028');
  });

  it('escapes the title', async () => {
    expect((await app.inject('/board')).body).toContain('<title>Store &amp; Flow</title>');
  });
});

describe('a visit from within', () => {
  it('answers JSON that caches keep apart from the document', async () => {
    const answer = await visit('/board');
    expect(answer.headers).toMatchObject({
      'x-inertia': 'true',
      vary: 'X-Inertia',
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(answer.json<Page>().props).toEqual({
      staff: 'Ada',
      cheap: 'own',
      expensive: 'expensive',
      errors: {},
    });
  });

  it('keeps the status of an error page', async () => {
    const answer = await visit('/lost');
    expect(answer.statusCode).toBe(404);
    expect(answer.json<Page>().component).toBe('Error');
  });

  it('stays at the page it came from when a write is answered with an error page', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/refused',
      headers: { 'x-inertia': 'true', host: 'shop.test', referer: 'http://shop.test/board?q=tea' },
    });
    expect(answer.statusCode).toBe(409);
    expect(answer.json<Page>().url).toBe('/board?q=tea');
  });

  it('is told to load the page anew when its scripts are of another build, before any prop is computed', async () => {
    expensive.mockClear();
    const answer = await app.inject({
      url: '/board?q=tea',
      headers: { 'x-inertia': 'true', 'x-inertia-version': 'older' },
    });
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['x-inertia-location']).toBe('/board?q=tea');
    expect(expensive).not.toHaveBeenCalled();
  });

  it('is never told so in answer to a write', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/move',
      headers: { 'x-inertia': 'true', 'x-inertia-version': 'older' },
    });
    expect(answer.statusCode).toBe(303);
  });

  it('gets another version when the build changes', async () => {
    const before = await currentVersion();
    writeFileSync(manifestPath, JSON.stringify({ ...MANIFEST, 'theme.ts': { file: 'assets/theme-6f.js' } }));
    const rebuilt = await build();
    writeFileSync(manifestPath, JSON.stringify(MANIFEST));
    expect(pageIn(await rebuilt.inject('/board')).version).not.toBe(before);
    await rebuilt.close();
  });
});

describe('a partial reload', () => {
  it('gets only what it names, and the errors, and computes nothing else', async () => {
    expensive.mockClear();
    const { props } = (await partial({ 'x-inertia-partial-data': 'cheap' })).json<Page>();
    expect(props).toEqual({ cheap: 'own', errors: {} });
    // Once for the full visit that asked for the version.
    expect(expensive).toHaveBeenCalledTimes(1);
  });

  it('gets all but what it excludes, even when it names that too', async () => {
    const { props } = (
      await partial({
        'x-inertia-partial-data': 'cheap,expensive',
        'x-inertia-partial-except': 'expensive',
      })
    ).json<Page>();
    expect(props).toEqual({ cheap: 'own', errors: {} });
  });

  it('gets everything when it was meant for another page', async () => {
    const { props } = (
      await partial({ 'x-inertia-partial-component': 'Error', 'x-inertia-partial-data': 'cheap' })
    ).json<Page>();
    expect(Object.keys(props).toSorted()).toEqual(['cheap', 'errors', 'expensive', 'staff']);
  });
});

describe('across a redirect', () => {
  it('a word reaches the next page once', async () => {
    const moved = await app.inject({ method: 'POST', url: '/move' });
    const shown = await visit('/board', cookieOf(moved));
    expect(shown.json<Page>().flash).toEqual({ message: 'Moved' });
    expect(shown.cookies).toMatchObject([{ name: 'storeflow_flash', value: '' }]);
    expect((await visit('/board')).json<Page>()).not.toHaveProperty('flash');
  });

  it('errors come back to the form that was sent', async () => {
    const headers = { host: 'shop.test', referer: 'http://shop.test/board?open=1' };
    const refused = await app.inject({ method: 'POST', url: '/form', headers });
    expect(refused.statusCode).toBe(303);
    expect(refused.headers.location).toBe('/board?open=1');
    const shown = await visit('/board', cookieOf(refused));
    expect(shown.json<Page>().props['errors']).toEqual({ name: 'is required' });
  });

  it.each([
    ['http://elsewhere.test/board', '/'],
    ['http://shop.test//elsewhere.test/board', '/elsewhere.test/board'],
  ])('never leads to another host, though it was sent from %s', async (referer, location) => {
    const headers = { host: 'shop.test', referer };
    const refused = await app.inject({ method: 'POST', url: '/form', headers });
    expect(refused.headers.location).toBe(location);
  });

  it('what was carried waits for the full visit when the build has changed in between', async () => {
    const moved = await app.inject({ method: 'POST', url: '/move' });
    const reload = await visit('/board', { ...cookieOf(moved), 'x-inertia-version': 'older' });
    expect(reload.statusCode).toBe(409);
    expect(reload.cookies).toEqual([]);
  });

  it('a forged word is not shown', async () => {
    const forged = Buffer.from(JSON.stringify({ errors: {}, flash: { message: 'Pay here' } }));
    const answer = await visit('/board', {
      cookie: `storeflow_flash=${forged.toString('base64url')}.forged`,
    });
    expect(answer.json<Page>()).not.toHaveProperty('flash');
  });

  it('what does not fit into a cookie is refused with its size', async () => {
    const answer = await app.inject({ method: 'POST', url: '/boast' });
    expect(answer.json()).toMatchObject({
      message: expect.stringMatching(/at most 3500 bytes.*received \d+/),
    });
  });
});

describe('a build that does not fit', () => {
  it('stops the start when there is none, and says what to do', async () => {
    const server = await secured();
    await expect(
      server.register(inertia, { manifestPath: join(folder, 'absent.json'), assetsBase: '/', title: '' }),
    ).rejects.toThrow(/absent\.json, received nothing; build the dashboard first/);
  });

  it('names the page that it lacks', async () => {
    expect((await app.inject('/unbuilt')).json()).toMatchObject({
      message: expect.stringContaining('pages/Nowhere.vue'),
    });
  });
});
