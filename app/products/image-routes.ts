import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { removeOwnMedia, storeOwnMedia, type MediaDisk } from '#core/files/media.ts';
import type { Route } from '#core/http/route.ts';
import { uploadedFile } from '#core/http/upload.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import { addImage, arrangeImages, describeImage, IMAGES_MAX, removeImage } from './change-images.ts';
import { ManagedProductSchema } from './managed-product-view.ts';
import { managedProduct, productIdOf } from './managed-product.ts';

const MEBIBYTE = 1024 * 1024;
const UPLOAD_MAX_BYTES = 10 * MEBIBYTE;
const ALT_LENGTH_MAX = 500;
const MINUTE_MS = 60_000;
/** Decoding is work. */
const UPLOADS_PER_MINUTE_MAX = 60;

const ProductParams = Type.Object({ product: Type.String() });
const ImageParams = Type.Object({ product: Type.String(), image: Type.String() });
const Alt = Type.String({ maxLength: ALT_LENGTH_MAX, description: 'What is to be seen' });

/** The pictures of products. Each route answers with the whole product, as it is then. */
export function imageRoutes(media: MediaDisk): Route[] {
  return [...routesOfFiles(media), ...routesOfRows];
}

function routesOfFiles(media: MediaDisk): Route[] {
  return [
    route({
      method: 'POST',
      path: '/dashboard/products/:product/images',
      audience: 'staff',
      ability: 'products.manage',
      summary:
        'Adds a picture (the file of a form): a JPEG, PNG, WebP, AVIF or GIF of up to 10 MiB that stands still',
      params: ProductParams,
      query: Type.Object({ alt: Type.Optional(Alt) }),
      receivesFile: [],
      answers: { 201: ManagedProductSchema },
      limit: { max: UPLOADS_PER_MINUTE_MAX, windowMs: MINUTE_MS },
      errors: [
        'PRODUCT_NOT_FOUND',
        'IMAGE_UNREADABLE',
        'IMAGE_ANIMATED',
        'IMAGE_TOO_LARGE',
        'IMAGES_TOO_MANY',
      ],
      handle: async ({ db, actor, params, query, request, reply }) => {
        const product = productIdOf(params.product);
        await db.read((tx) => managedProduct(tx, product));
        // What decodes is large: a process that is sent no picture never loads it.
        const { pictureFrom } = await import('#core/files/picture.ts');
        const picture = await pictureFrom(await uploadOf(request));
        const file = await storeOwnMedia({ db, disk: media }, picture.bytes, 'webp');
        const shown = await db.write(async (tx) => {
          const act = { actor, requestId: request.id, at: new Date() };
          await addImage(tx, { product, file, picture, alt: query.alt ?? '', act });
          return managedProduct(tx, product);
        });
        return reply.status(201).send(shown);
      },
    }),
    route({
      method: 'DELETE',
      path: '/dashboard/products/:product/images/:image',
      audience: 'staff',
      ability: 'products.manage',
      summary: 'Removes a picture',
      params: ImageParams,
      answers: { 200: ManagedProductSchema },
      errors: ['PRODUCT_NOT_FOUND', 'IMAGE_NOT_FOUND'],
      handle: async ({ db, actor, params: { image, ...params }, request }) => {
        const product = productIdOf(params.product);
        const { file, left } = await db.write(async (tx) => {
          const act = { actor, requestId: request.id, at: new Date() };
          return {
            file: await removeImage(tx, { product, image, act }),
            left: await managedProduct(tx, product),
          };
        });
        await removeFiles(media, [file], request);
        return left;
      },
    }),
  ];
}

const routesOfRows = [
  route({
    method: 'PATCH',
    path: '/dashboard/products/:product/images/:image',
    audience: 'staff',
    ability: 'products.manage',
    summary: 'Says what is to be seen on a picture',
    params: ImageParams,
    body: Type.Object({ alt: Alt }),
    answers: { 200: ManagedProductSchema },
    errors: ['PRODUCT_NOT_FOUND', 'IMAGE_NOT_FOUND'],
    handle: ({ db, actor, params: { image, ...params }, body: { alt }, request }) =>
      db.write(async (tx) => {
        const product = productIdOf(params.product);
        const act = { actor, requestId: request.id, at: new Date() };
        await describeImage(tx, { product, image, alt, act });
        return managedProduct(tx, product);
      }),
  }),
  route({
    method: 'PUT',
    path: '/dashboard/products/:product/images/order',
    audience: 'staff',
    ability: 'products.manage',
    summary: 'Puts the pictures in order; the first stands for the product in lists',
    params: ProductParams,
    body: Type.Object({ images: Type.Array(Type.String(), { maxItems: IMAGES_MAX }) }),
    answers: { 200: ManagedProductSchema },
    errors: ['PRODUCT_NOT_FOUND'],
    handle: ({ db, actor, params, body: { images }, request }) =>
      db.write(async (tx) => {
        const product = productIdOf(params.product);
        await arrangeImages(tx, { product, images, act: { actor, requestId: request.id, at: new Date() } });
        return managedProduct(tx, product);
      }),
  }),
];

/** After COMMIT. The rows are gone, so what fails here is told to the log, not to the person, and left to the sweep. */
export async function removeFiles(
  media: MediaDisk,
  files: readonly string[],
  { log }: Pick<FastifyRequest, 'log'>,
): Promise<void> {
  await removeOwnMedia(media, files).catch((error: unknown) =>
    log.warn({ err: error, files }, 'pictures that nothing shows any longer could not be removed'),
  );
}

async function uploadOf(request: FastifyRequest): Promise<Uint8Array> {
  // What is no form comes as a stream without an end of our own.
  const upload = request.isMultipart() ? await uploadedFile(request, UPLOAD_MAX_BYTES) : null;
  if (!upload)
    throw refusal('UNSUPPORTED_MEDIA_TYPE', 'Expected a picture as the file of a multipart/form-data.');
  const bytes = Buffer.concat(await upload.content.toArray());
  if (bytes.length > UPLOAD_MAX_BYTES)
    throw refusal(
      'IMAGE_TOO_LARGE',
      `Expected a file of up to ${UPLOAD_MAX_BYTES} bytes, received a larger one.`,
      {
        bytes_max: UPLOAD_MAX_BYTES,
      },
    );
  return bytes;
}
