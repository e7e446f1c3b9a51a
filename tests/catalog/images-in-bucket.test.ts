import Fastify from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ManagedProduct } from '#app/products/managed-product-view.ts';
import { mediaBucket } from '#core/files/media-bucket.ts';
import { readConfig } from '#start/config.ts';
import { openMedia } from '#start/media.ts';
import { secure } from '#start/security.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { until } from '../support/deliveries.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';
import { productForm } from '../support/product-forms.ts';
import { S3_KEYS, startS3StandIn, type S3StandIn } from '../support/s3-stand-in.ts';
import { signIn } from '../support/sign-in.ts';

let s3: S3StandIn;
let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
let product: ManagedProduct;
let png: Uint8Array;
beforeAll(async () => {
  for (const [name, value] of Object.entries(S3_KEYS)) vi.stubEnv(name, value);
  s3 = await startS3StandIn();
  app = await testApp({ bucket: { ...s3.settings, publicUrl: null } });
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager', shops.cafe);
  const form = { ...productForm('Pictured'), active: true, scope: 'store' };
  product = expectStatus(201, await manager.post<ManagedProduct>('/dashboard/products', form));
  png = await sharp({ create: { width: 4, height: 2, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
});
afterAll(async () => {
  await app.close();
  await s3.close();
  vi.unstubAllEnvs();
});

const images = () => `/dashboard/products/${product.id}/images`;
function upload() {
  const body = new FormData();
  body.set('file', new Blob([png as BlobPart]), 'a.png');
  return manager.send<ManagedProduct & { code: string }>(images(), { method: 'POST', body });
}
async function uploaded() {
  const image = expectStatus(201, await upload()).images.at(-1);
  if (!image) throw new Error('expected a picture, received none');
  return { ...image, name: image.url.replace('/media/', '') };
}
const codesOf = ({ code, cause }: { code: string; cause: { code: string } }) => `${code} ${cause.code}`;
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(app.visitor.origin + path, { headers, redirect: 'manual' });

describe('a picture in a bucket', () => {
  it('is put there as what it is, and served from there for ever', async () => {
    const { url, name } = await uploaded();

    expect(s3.objects.get(name)).toMatchObject({
      type: 'image/webp',
      cacheControl: 'public, max-age=31536000, immutable',
    });
    const served = await get(url);
    expect(served.status).toBe(200);
    expect(Object.fromEntries(served.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      etag: `"${name}"`,
    });
    expect(Buffer.from(await served.arrayBuffer())).toEqual(s3.objects.get(name)?.bytes);
  });

  it('is not asked for again by who has it', async () => {
    const { url, name } = await uploaded();
    const before = s3.asked.length;

    expect((await get(url, { 'if-none-match': `"${name}"` })).status).toBe(304);
    expect(s3.asked).toHaveLength(before);
  });

  it('goes when it is removed, but not for a stranger', async () => {
    const { id, url, name } = await uploaded();
    const stranger = await signIn(app.visitor, 'other-owner');
    expect((await stranger.send(`${images()}/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect(s3.objects.has(name)).toBe(true);

    expectStatus(200, await manager.send(`${images()}/${id}`, { method: 'DELETE' }));
    expect(s3.objects.has(name)).toBe(false);
    const gone = await get(url);
    expect({ status: gone.status, kept: gone.headers.get('cache-control') }).toEqual({
      status: 404,
      kept: 'no-store',
    });
    expect(await gone.text()).not.toMatch(/NoSuchKey|bucket/i);
  });

  it.each([
    '..%2fsecret',
    '%2e%2e%2f%2e%2e%2fu.webp',
    'a%2fb.webp',
    'a.webp%00',
    'A.webp',
    'a.html',
    'a.webp.svg',
    'a',
  ])('is not looked for under a name that no picture has: %s', async (name) => {
    const before = s3.asked.length;

    expect((await get(`/media/${name}`)).status).toBeGreaterThanOrEqual(400);
    expect((await get(`/media/${name}`)).status).toBeLessThan(500);
    expect(s3.asked).toHaveLength(before);
  });
});

describe('while the bucket is away', () => {
  it('its pictures and new ones are to be tried again, and a removed one is removed later', async () => {
    const { id, url, name } = await uploaded();
    s3.isAway = true;
    const [seen, refused, removed] = [
      await get(url),
      await upload(),
      await manager.send(`${images()}/${id}`, { method: 'DELETE' }),
    ];
    s3.isAway = false;

    for (const { status, headers } of [seen, refused])
      expect({ status, retry: headers.get('retry-after') }).toEqual({ status: 503, retry: '10' });
    expect(removed.status).toBe(200);
    expect(s3.objects.has(name)).toBe(true);
    const loose = await app.admin<{ file: string }[]>`SELECT file FROM loose_files`;
    expect(loose.map(({ file }) => file)).toContain(name);
  });
});

describe('a bucket that does not let us in', () => {
  it.each([
    ['for its keys', { AWS_ACCESS_KEY_ID: 'another-key' }, {}],
    ['for its name', {}, { bucket: 'another' }],
  ])('is told %s, apart from a picture that is not there', async (_, keys, settings) => {
    for (const [name, value] of Object.entries({ ...S3_KEYS, ...keys })) vi.stubEnv(name, value);
    const bucket = await mediaBucket({ ...s3.settings, ...settings });

    const calls = [
      () => bucket.read('a.webp'),
      () => bucket.put('a.webp', png),
      () => bucket.delete('a.webp'),
    ];
    for (const call of calls) expect(await call().catch(codesOf)).toMatch(/^UNAVAILABLE E_CANNOT_\w+$/);
    for (const [name, value] of Object.entries(S3_KEYS)) vi.stubEnv(name, value);
  });

  it('is told at the start, which goes on', async () => {
    const lines: string[] = [];
    const server = Fastify({
      logger: { level: 'error', stream: { write: (line) => void lines.push(line) } },
    });
    const bucket = { ...s3.settings, bucket: 'another', publicUrl: null };
    await openMedia({ ...readConfig({}), bucket }, server);

    await until(() => lines.length > 0, 'the log says so');
    expect(lines.join()).toContain('check S3_BUCKET');
    expect(lines.join()).not.toContain(S3_KEYS.AWS_SECRET_ACCESS_KEY);
  });
});

it('a public bucket is where browsers are sent, and may show pictures from', async () => {
  const config = readConfig({ S3_BUCKET: 'pictures', S3_PUBLIC_URL: 'https://cdn.example/shop/' });
  const server = Fastify();
  await secure(server, config, 'a secret');
  await openMedia({ ...config, bucket: config.bucket && { ...config.bucket, ...s3.settings } }, server);
  const { statusCode, headers } = await server.inject('/media/u12.webp');

  expect({ statusCode, location: headers.location }).toEqual({
    statusCode: 301,
    location: 'https://cdn.example/shop/u12.webp',
  });
  expect(headers['content-security-policy']).toContain("img-src 'self' data: https://cdn.example;");
  expect((await server.inject('/media/u12.html')).statusCode).not.toBe(301);
});
