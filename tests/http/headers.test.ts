import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_FOLDER } from '#start/project-folder.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { openMerchants } from '../support/merchants.ts';
import { signIn } from '../support/sign-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await openMerchants(app);
});
afterAll(() => app.close());

async function anAsset(part: 'dashboard' | 'storefront'): Promise<string> {
  const manifest = await readFile(join(PROJECT_FOLDER, `dist/${part}/.vite/manifest.json`), 'utf8');
  const [first] = Object.values(JSON.parse(manifest) as Record<string, { file: string }>);
  return `/assets/${part}/${first?.file}`;
}

describe('every answer', () => {
  it.each(['/health/live', '/s/cafe', '/login', '/docs/', '/nowhere', '/api/v1/orders/nobody'])(
    'brings the browser’s guards along, at %s',
    async (path) => {
      const { headers } = await app.visitor.get(path, { accept: 'text/html' });
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("object-src 'none'");
      expect(policy).toMatch(/frame-ancestors '(none|self)'/);
      expect(/script-src ([^;]*)/.exec(policy)?.[1]).not.toMatch(/unsafe|\*|https?:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBeTruthy();
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );

  it('is kept by nobody when it is about a person', async () => {
    const owner = await signIn(app.visitor, 'manager');
    for (const path of ['/dashboard', '/dashboard/board.json', '/dashboard/orders']) {
      expect((await owner.get(path)).headers.get('cache-control'), path).toBe('no-store');
    }
  });
});

describe('a built file', () => {
  it.each(['dashboard', 'storefront'] as const)('of the %s may be kept for ever', async (part) => {
    const { status, headers } = await app.visitor.get(await anAsset(part));
    expect({ status, kept: headers.get('cache-control') }).toEqual({
      status: 200,
      kept: 'public, max-age=31536000, immutable',
    });
  });

  it.each([
    '/assets/dashboard/../../package.json',
    '/assets/dashboard/..%2f..%2fpackage.json',
    '/assets/storefront/%2e%2e/%2e%2e/package.json',
    '/media/..%2fsecret',
    '/media/%00',
    '/media/',
  ])('is not found behind %s', async (path) => {
    const { status, text } = await app.visitor.get(path);
    expect([400, 403, 404]).toContain(status);
    expect(text).not.toContain('storeflow"');
  });
});

describe('a file', () => {
  it.each([
    ['another part than it has', { range: 'bytes=99999999-' }, 416, 'RANGE_NOT_SATISFIABLE'],
    ['another version of it', { 'if-match': '"another"' }, 412, 'PRECONDITION_FAILED'],
    ['an older one', { 'if-unmodified-since': new Date(0).toUTCString() }, 412, 'PRECONDITION_FAILED'],
  ])('of which %s is asked for is refused', async (_, headers, status, code) => {
    const page = await app.visitor.get('/s/cafe', { accept: 'text/html' });
    const asset = /\/assets\/storefront\/[^"]+/.exec(page.text)?.[0] ?? '';
    expect(await app.visitor.get(asset, headers as Record<string, string>)).toMatchObject({
      status,
      body: { code },
    });
  });
});

describe('behind HTTPS', () => {
  let secured: TestApp;
  beforeAll(async () => {
    secured = await testApp({ secureCookies: true });
  });
  afterAll(() => secured.close());

  it('browsers are told to stay there', async () => {
    const { headers } = await secured.visitor.get('/health/live');
    expect(headers.get('strict-transport-security')).toMatch(/max-age=31536000/);
    expect(headers.get('content-security-policy')).toContain('upgrade-insecure-requests');
  });
});
