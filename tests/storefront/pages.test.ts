import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cents } from '#core/values/money.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { openShop, type TestShop } from '../support/shop.ts';

let app: TestApp;
let shop: TestShop;
let root: string;

beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  shop = await openShop(app.database);
  root = `/s/${shop.slug}`;
  await stock(shop.db, draft('scone', { name: 'Scone', category: { slug: 'oven', name: 'Oven' } }));
});

function visit(path: string, headers: Record<string, string> = {}) {
  return app.visitor.get(path, { accept: 'text/html', 'accept-encoding': 'identity', ...headers });
}

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the pages of a storefront', () => {
  it('show what the store sells, under addresses that lead from one to the next', async () => {
    const home = await visit(root);
    expect(home.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(home.text).toContain(`href="${root}/p/scone"`);
    expect(home.text).toContain(`href="${root}/c/oven"`);
    expect((await visit(`${root}/c/oven`)).text).toContain('Scone');
    expect((await visit(`${root}/search?q=sco`)).text).toContain(`href="${root}/p/scone"`);
    expect((await visit(`${root}/search?q=nothing`)).text).not.toContain('/p/scone');
    const product = await visit(`${root}/p/scone`);
    expect(product.text).toContain(`<link rel="canonical" href="${app.visitor.origin}${root}/p/scone">`);
    for (const page of ['cart', 'checkout']) expect((await visit(`${root}/${page}`)).status).toBe(200);
  });

  it('load nothing that the content security policy refuses', async () => {
    const { text, headers } = await visit(`${root}/p/scone`);
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self'.*style-src 'self'/);
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
    for (const [, url = ''] of text.matchAll(/<(?:script|link)[^>]+(?:src|href)="(\/[^"]+)"/g)) {
      expect((await visit(url)).status, url).toBe(200);
    }
  });

  it('are sent again only when they have changed', async () => {
    const first = await visit(root);
    const etag = first.headers.get('etag') ?? '';
    expect((await visit(root, { 'if-none-match': etag })).status).toBe(304);
    expect((await visit(`${root}?utm_source=mail`, { 'if-none-match': etag })).status).toBe(304);
    await stock(shop.db, draft('bun', { name: 'Bun' }));
    await until(async () => (await visit(root)).text.includes('Bun'));
    expect((await visit(root, { 'if-none-match': etag })).status).toBe(200);
  });

  it('come packed for browsers that can unpack them', async () => {
    for (const encoding of ['br', 'gzip']) {
      const { headers, text } = await visit(root, { 'accept-encoding': encoding });
      expect(headers.get('content-encoding')).toBe(encoding);
      expect(headers.get('vary')).toContain('accept-encoding');
      expect(text).toContain('Scone');
    }
  });

  it('show a price as soon as it has changed', async () => {
    expect((await visit(`${root}/p/scone`)).text).toContain('$4.50');
    const dearer = draft('scone', { name: 'Scone', variants: [variant({ priceCents: cents(520) })] });
    await stock(shop.db, dearer);
    await until(async () => (await visit(`${root}/p/scone`)).text.includes('$5.20'));
  });

  it('answer what is not there with a page in the theme, for people, and a problem document for programs', async () => {
    const page = await visit(`${root}/p/gone`);
    expect(page.status).toBe(404);
    expect(page.text).toContain('No such product · Wren Coffee');
    expect((await visit('/s/nobody-here')).text).toContain('No such store');
    expect((await visit('/o/AAAAAAAAAAAAAAAAAAAAAA')).text).toContain('No such order');
    const document = await app.visitor.get(`${root}/p/gone`, { accept: 'application/json' });
    expect(document.body).toMatchObject({ code: 'PRODUCT_NOT_FOUND' });
  });

  it('refuse a cursor that no list gave out', async () => {
    expect((await visit(`${root}/c/oven?cursor=zzz`)).status).toBe(422);
  });
});

describe('beside its pages a storefront', () => {
  it('has its colours as a style sheet that browsers may keep', async () => {
    const { text, headers } = await visit(`${root}/colours.css`);
    expect(headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(headers.get('cache-control')).toContain('immutable');
    expect(text).toContain('--accent:#0f766e');
  });

  it('can be put on a home screen', async () => {
    const { text } = await visit(`${root}/manifest.webmanifest`);
    const manifest = JSON.parse(text) as { start_url: string; icons: { src: string }[] };
    expect(manifest.start_url).toBe(root);
    for (const { src } of manifest.icons) expect((await visit(src)).status).toBe(200);
  });

  it('lists its pages for search engines, and only its own', async () => {
    const other = await openShop(app.database);
    await stock(other.db, draft('foreign'));
    const { text } = await visit(`${root}/sitemap.xml`);
    expect(text).toContain(`<loc>${app.visitor.origin}${root}/p/scone</loc>`);
    expect(text).toContain(`${root}/c/oven`);
    expect(text).not.toContain('foreign');
    expect((await visit('/robots.txt')).text).toContain('Disallow: /o/');
  });
});
