import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import type { Picture } from '#core/files/picture.ts';
import { idBehind, opaqueId, type ImageId, type ProductId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { lockProduct, productChanged, type Act, type OwnedProduct } from './owned-product.ts';

/** Pictures of one product. */
export const IMAGES_MAX = 30;
/** While pictures change places they stand behind all of them: no two ever share one. */
const ASIDE = 1_000_000;

interface ImageRow {
  readonly id: ImageId;
  readonly file: string;
  readonly alt: string;
}

export interface AddImage {
  readonly product: ProductId;
  /** Name of a stored file that no other row shows. */
  readonly file: string;
  readonly picture: Pick<Picture, 'width' | 'height'>;
  readonly alt: string;
  readonly act: Act;
}

/** Puts a picture behind those that the product has. Refuses PRODUCT_NOT_FOUND and IMAGES_TOO_MANY. */
export async function addImage(
  tx: TenantTx<StoreTenant>,
  { product: id, file, picture, alt, act }: AddImage,
): Promise<void> {
  const { sql, tenant } = tx;
  const product = await lockProduct(tx, id);
  const images = await imagesOf(tx, id);
  if (images.length >= IMAGES_MAX)
    throw refusal('IMAGES_TOO_MANY', `Expected up to ${IMAGES_MAX} pictures, received one more.`);
  await sql`
    INSERT INTO product_images (merchant_id, product_id, position, file, alt, width, height)
    SELECT ${tenant.merchantId}, ${id}, coalesce(max(position) + 1, 0), ${file}, ${alt}, ${picture.width}, ${picture.height}
    FROM product_images WHERE merchant_id = ${tenant.merchantId} AND product_id = ${id}`;
  await note(tx, product, { action: 'product.image_added', before: null, after: { file, alt }, act });
}

interface ChangedImage {
  readonly product: ProductId;
  /** Opaque. */
  readonly image: string;
  readonly act: Act;
}

/** Says what is to be seen on a picture. Refuses IMAGE_NOT_FOUND. */
export async function describeImage(
  tx: TenantTx<StoreTenant>,
  { product: id, image: named, alt, act }: ChangedImage & { readonly alt: string },
): Promise<void> {
  const { sql, tenant } = tx;
  const product = await lockProduct(tx, id);
  const image = imageIn(await imagesOf(tx, id), named);
  await sql`
    UPDATE product_images SET alt = ${alt} WHERE merchant_id = ${tenant.merchantId} AND id = ${image.id}`;
  await note(tx, product, {
    action: 'product.image_described',
    before: { file: image.file, alt: image.alt },
    after: { file: image.file, alt },
    act,
  });
}

/** Takes a picture away; answers its file, which nothing shows once the transaction is committed. Refuses IMAGE_NOT_FOUND. */
export async function removeImage(
  tx: TenantTx<StoreTenant>,
  { product: id, image: named, act }: ChangedImage,
): Promise<string> {
  const { sql, tenant } = tx;
  const product = await lockProduct(tx, id);
  const { id: imageId, file, alt } = imageIn(await imagesOf(tx, id), named);
  await sql`DELETE FROM product_images WHERE merchant_id = ${tenant.merchantId} AND id = ${imageId}`;
  await arrange(
    tx,
    id,
    (await imagesOf(tx, id)).map((image) => image.id),
  );
  await note(tx, product, { action: 'product.image_removed', before: { file, alt }, after: null, act });
  return file;
}

export interface ArrangeImages {
  readonly product: ProductId;
  /** Opaque ids of all pictures of the product, in their new order. */
  readonly images: readonly string[];
  readonly act: Act;
}

/** Puts the pictures of a product in order. Refuses VALIDATION_FAILED unless each is named once. */
export async function arrangeImages(
  tx: TenantTx<StoreTenant>,
  { product: id, images: named, act }: ArrangeImages,
): Promise<void> {
  const product = await lockProduct(tx, id);
  const images = await imagesOf(tx, id);
  const wanted = named.flatMap((name) => images.find((image) => image.id === idBehind('im', name)) ?? []);
  if (wanted.length !== named.length || new Set(wanted).size !== images.length)
    throw refusal('VALIDATION_FAILED', `Expected each of ${images.length} pictures once, received others.`, {
      errors: { images: ['must name each picture of the product once'] },
    });
  await arrange(
    tx,
    id,
    wanted.map((image) => image.id),
  );
  await note(tx, product, {
    action: 'product.images_arranged',
    before: namesOf(images),
    after: namesOf(wanted),
    act,
  });
}

function namesOf(rows: readonly ImageRow[]) {
  return { images: rows.map(({ id }) => opaqueId('im', id)) };
}

async function imagesOf({ sql, tenant }: TenantTx<StoreTenant>, id: ProductId): Promise<ImageRow[]> {
  return sql<ImageRow[]>`
    SELECT id, file, alt FROM product_images
    WHERE merchant_id = ${tenant.merchantId} AND product_id = ${id} ORDER BY position`;
}

function imageIn(images: readonly ImageRow[], named: string): ImageRow {
  const id = idBehind<ImageId>('im', named);
  const image = images.find((each) => each.id === id);
  if (!image) throw refusal('IMAGE_NOT_FOUND', 'The product has no picture with this id.');
  return image;
}

async function arrange(
  { sql, tenant }: TenantTx<StoreTenant>,
  product: ProductId,
  ids: readonly ImageId[],
): Promise<void> {
  await sql`
    UPDATE product_images SET position = position + ${ASIDE} WHERE merchant_id = ${tenant.merchantId} AND product_id = ${product}`;
  await sql`
    UPDATE product_images SET position = nth - 1 FROM unnest(${ids}::bigint[]) WITH ORDINALITY AS image (id, nth)
    WHERE merchant_id = ${tenant.merchantId} AND product_id = ${product} AND product_images.id = image.id`;
}

type Note = Omit<Parameters<typeof productChanged>[1], 'product'>;

async function note(tx: TenantTx<StoreTenant>, product: OwnedProduct, change: Note): Promise<void> {
  record(tx, await productChanged(tx, { ...change, product }));
}
