import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { sweepLooseFiles } from '#core/files/loose-files.ts';
import { mediaFolder, removeOwnMedia, storeMedia, storeOwnMedia, type MediaDisk } from '#core/files/media.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ManagedProduct } from '#app/products/managed-product-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';
import { formOf, productForm } from '../support/product-forms.ts';
import { signIn } from '../support/sign-in.ts';

let app: TestApp;
let dataDir: string;
let shops: TestMerchants;
let manager: HttpClient;
let product: ManagedProduct;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'storeflow-images-'));
  app = await testApp({ dataDir });
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager', shops.cafe);
  const form = { ...productForm('Pictured'), active: true, scope: 'store' };
  product = expectStatus(201, await manager.post<ManagedProduct>('/dashboard/products', form));
});
afterAll(async () => {
  await app.close();
  await rm(dataDir, { recursive: true });
});

const images = () => `/dashboard/products/${product.id}/images`;
const files = () => readdir(join(dataDir, 'media'));
function upload(bytes: Uint8Array, { alt = '', name = 'a.png', staff = manager, path = images() } = {}) {
  const body = new FormData();
  body.set('file', new Blob([bytes as BlobPart]), name);
  return staff.send<ManagedProduct & { code: string }>(`${path}?alt=${alt}`, { method: 'POST', body });
}
const withBody = (method: string, path: string, body?: object) =>
  manager.send<ManagedProduct & { code: string }>(`${images()}${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
const painted = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'teal' } });

describe('an uploaded picture', () => {
  it('is kept as WebP, upright and without what came with it, and served', async () => {
    const jpeg = await painted(40, 20)
      .withMetadata({ orientation: 6, exif: { IFD0: { Copyright: 'Somebody' } } })
      .jpeg()
      .toBuffer();
    const { images: kept } = expectStatus(201, await upload(jpeg, { alt: 'Teal' }));

    expect(kept).toMatchObject([
      { alt: 'Teal', width: 20, height: 40, url: expect.stringMatching(/^\/media\/\w+\.webp$/) },
    ]);
    const served = await fetch(app.visitor.origin + kept[0]?.url);
    expect(served.headers.get('content-type')).toBe('image/webp');
    const { format, exif, orientation } = await sharp(await served.bytes()).metadata();
    expect({ format, exif, orientation }).toEqual({
      format: 'webp',
      exif: undefined,
      orientation: undefined,
    });
  });

  it('is shrunk when it is larger than any screen', async () => {
    const { images: kept } = expectStatus(201, await upload(await painted(4800, 12).png().toBuffer()));

    expect(kept.at(-1)).toMatchObject({ width: 2400, height: 6 });
  });

  const refused: [string, () => Promise<Uint8Array> | Uint8Array, number, string][] = [
    [
      'a drawing',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      422,
      'IMAGE_UNREADABLE',
    ],
    ['a page', () => Buffer.from('<html><script>alert(1)</script></html>'), 422, 'IMAGE_UNREADABLE'],
    ['nothing', () => new Uint8Array(), 422, 'IMAGE_UNREADABLE'],
    [
      'half a picture',
      async () => (await painted(400, 400).png().toBuffer()).subarray(0, 200),
      422,
      'IMAGE_UNREADABLE',
    ],
    [
      'a film',
      () =>
        sharp(Buffer.alloc(4 * 8 * 3).fill(200, 48), {
          raw: { width: 4, height: 8, channels: 3, pageHeight: 4 },
        })
          .gif({ delay: [99, 99] })
          .toBuffer(),
      422,
      'IMAGE_ANIMATED',
    ],
    [
      'what fills the memory once it is decoded',
      () => painted(8000, 8000).png().toBuffer(),
      413,
      'IMAGE_TOO_LARGE',
    ],
    ['too large a file', () => new Uint8Array(10 * 1024 * 1024 + 1), 413, 'IMAGE_TOO_LARGE'],
  ];
  it.each(refused)(
    'is refused when it is %s, whatever its name says, and nothing of it is kept',
    async (_case, bytes, status, code) => {
      const before = await files();

      expect(await upload(await bytes())).toMatchObject({ status, body: { code } });
      expect(await files()).toEqual(before);
    },
  );

  it('must come in a form', async () => {
    const png = await painted(4, 4).png().toBuffer();
    const bare = {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: new Blob([png as BlobPart]),
    };
    expect((await manager.send(images(), bare)).status).toBe(415);
    expect((await manager.post(images(), {})).status).toBe(415);
  });

  it('of a product that there is not, or not for this person, is not even read', async () => {
    const bytes = await painted(4, 4).png().toBuffer();
    const barista = await signIn(app.visitor, 'barista', shops.cafe);
    const stranger = await signIn(app.visitor, 'other-owner');

    expect((await upload(bytes, { path: '/dashboard/products/pr_unknown/images' })).status).toBe(404);
    expect((await upload(bytes, { staff: stranger })).status).toBe(404);
    expect((await upload(bytes, { staff: barista })).status).toBe(403);
  });
});

describe('the pictures of a product', () => {
  it('are described, put in order and removed, with their files', async () => {
    expectStatus(201, await upload(await painted(3, 3).png().toBuffer(), { alt: 'Third' }));
    const before = expectStatus(
      200,
      await manager.get<ManagedProduct>(`/dashboard/products/${product.id}.json`),
    );
    const ids = before.images.map(({ id }) => id);
    const turned = expectStatus(200, await withBody('PUT', '/order', { images: ids.toReversed() }));
    expect(turned.images.map(({ id }) => id)).toEqual(ids.toReversed());
    const described = expectStatus(200, await withBody('PATCH', `/${ids[0]}`, { alt: 'First' }));
    expect(described.images.at(-1)?.alt).toBe('First');

    const removed = expectStatus(200, await withBody('DELETE', `/${ids[1]}`));
    expect(removed.images.map(({ id }) => id)).toEqual([ids[2], ids[0]]);
    expect((await files()).toSorted()).toEqual(
      removed.images.map(({ url }) => url.replace('/media/', '')).toSorted(),
    );
    expect(removed.version).toBe(before.version + 3);
    expect((await withBody('DELETE', `/${ids[1]}`)).status).toBe(404);
    expect((await withBody('PUT', '/order', { images: [ids[0]] })).status).toBe(422);
  });

  it('stand for a variant until it is said to have none', async () => {
    const path = `/dashboard/products/${product.id}`;
    const save = async (image: object) => {
      const present = expectStatus(200, await manager.get<ManagedProduct>(`${path}.json`));
      const { image: _image, ...variant } = formOf(present).variants[0] ?? { image: null };
      const form = formOf(present, { variants: [{ ...variant, ...image }] });
      return expectStatus(200, await manager.put<ManagedProduct>(path, form)).variants[0]?.image;
    };
    const [shown] = expectStatus(201, await upload(await painted(4, 4).png().toBuffer())).images;
    expect(await save({ image: shown?.id })).toBe(shown?.id);
    expect(await save({})).toBe(shown?.id);
    expect(await save({ image: null })).toBeNull();
  });

  it('go with it, and nothing of them stays', async () => {
    expectStatus(200, await manager.send(`/dashboard/products/${product.id}`, { method: 'DELETE' }));

    expect(await files()).toEqual([]);
  });
});

const disk = () => mediaFolder(join(dataDir, 'media'));
const store = () =>
  storeOwnMedia({ db: app.database.tenant(shops.cafe.tenant), disk: disk() }, new Uint8Array([1]), 'webp');
const show = (file: string) => app.admin`
  INSERT INTO product_images (merchant_id, product_id, position, file, width, height)
  SELECT p.merchant_id, p.id, count(i.id), ${file}, 1, 1 FROM products p LEFT JOIN product_images i ON i.product_id = p.id
  WHERE p.merchant_id = ${shops.cafe.tenant.merchantId} GROUP BY p.merchant_id, p.id LIMIT 1`;
const loose = async () =>
  (await app.admin<{ file: string }[]>`SELECT file FROM loose_files`).map(({ file }) => file);
const shownFiles = async () =>
  (await app.admin<{ file: string }[]>`SELECT file FROM product_images WHERE file LIKE 'u%'`).map(
    ({ file }) => file,
  );
const anHourLater = () => app.admin`UPDATE loose_files SET since = since - interval '61 minutes'`;

/** With the rights that it has on a server, which are the owner's. */
async function sweep(from: MediaDisk = disk()): Promise<number> {
  const owner = await app.admin.reserve();
  try {
    await owner.unsafe('SET ROLE storeflow_owner');
    return await sweepLooseFiles(owner, from);
  } finally {
    await owner.unsafe('RESET ROLE');
    owner.release();
  }
}

describe('a file of a picture', () => {
  it('has a name of its own, although another has the same content, and goes without it', async () => {
    const [kept, gone] = [await store(), await store()];
    await removeOwnMedia(disk(), [gone]);

    expect(kept).toMatch(/^[a-z0-9]+\.webp$/);
    expect(await files()).toContain(kept);
    expect(await files()).not.toContain(gone);
  });

  it('goes without those that many show, and without an error when it is gone already', async () => {
    const [shared, own] = [await storeMedia(disk(), '<svg/>', 'svg'), await store()];
    await removeOwnMedia(disk(), [shared, own]);
    await removeOwnMedia(disk(), [shared, own]);

    expect(await files()).toContain(shared);
    expect(await files()).not.toContain(own);
  });

  it('is swept away when no row has come to show it within an hour', async () => {
    const [forgotten, shown] = [await store(), await store()];
    await show(shown);
    await anHourLater();
    const underWay = await store();
    await sweep();

    expect(await files()).toEqual(expect.arrayContaining([shown, underWay]));
    expect(await files()).not.toContain(forgotten);
    expect(await loose()).toEqual([underWay]);
  });

  it('is swept away when its row goes, whichever way', async () => {
    const file = await store();
    await show(file);
    expect(await loose()).not.toContain(file);
    await app.admin`DELETE FROM products WHERE merchant_id = ${shops.cafe.tenant.merchantId} AND id IN
      (SELECT product_id FROM product_images WHERE file = ${file})`;
    expect(await loose()).toContain(file);
    await anHourLater();
    await sweep();

    expect(await files()).not.toContain(file);
  });

  it('cannot come to be shown once the sweep has begun, which goes on where it broke off', async () => {
    const stored = await Promise.all(Array.from({ length: 25 }, store));
    await anHourLater();
    const away = { ...disk(), delete: () => Promise.reject(new Error('away')) };
    await expect(sweep(away)).rejects.toThrow('away');
    const refusals: string[] = [];
    for (const file of stored) await show(file).catch(({ message }: Error) => refusals.push(message));

    expect(refusals).toEqual(Array.from({ length: 20 }, () => expect.stringContaining('that nothing shows')));
    expect(await sweep()).toBe(20);
    expect(await files()).toEqual(expect.arrayContaining(await shownFiles()));
    expect(await loose()).toEqual([]);
  });
});

describe('the folder of pictures', () => {
  it.each(['', '..%2fsecret', '%2e%2e/secret', '%00', 'a'.repeat(300)])(
    'shows nothing that is no picture: %s',
    async (name) => {
      expect(await files()).not.toEqual([]);
      const { statusCode, body } = await app.server.inject(`/media/${name}`);
      expect({ statusCode, body }).toEqual({ statusCode: 404, body: expect.stringContaining('NOT_FOUND') });
    },
  );
});
