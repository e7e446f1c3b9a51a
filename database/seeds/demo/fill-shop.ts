import { countStock } from '#app/stock/count-stock.ts';
import type { ImageDraft, ProductDraft } from '#app/catalog/product.ts';
import { saveProduct } from '#app/products/save-product.ts';
import { saveShipping } from '#app/shipping/save-shipping.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { storeMedia, type MediaDisk } from '#core/files/media.ts';
import { SYSTEM } from '#core/security/audit.ts';
import type { VariantId } from '#core/values/ids.ts';
import type { PlannedOrder } from './history/plan-history.ts';
import { illustrate } from './illustrations/illustrate.ts';
import { SHEET_HEIGHT, SHEET_WIDTH } from './illustrations/sheet.ts';
import type { OpenedShop } from './open-merchant.ts';
import type { DemoPicture, DemoProduct, DemoStore, DemoVariant } from './shop.ts';

interface Filling {
  /** The orders that will be placed: what they take must be on the shelf before. */
  readonly history: readonly PlannedOrder[];
  readonly media: MediaDisk;
  readonly at: Date;
}

/** Puts the shipping rules and the products with their pictures into a store. */
export async function fillShop({ store, db }: OpenedShop, { history, media, at }: Filling): Promise<void> {
  const act = { actor: SYSTEM, requestId: null, at };
  const { shipping } = store;
  if (shipping) await db.write((tx) => saveShipping(tx, shipping, act));
  const taken = piecesTaken(history);
  for (const product of store.products) {
    const images = await Promise.all(product.pictures.map((each) => storePicture(media, each)));
    const draft = draftOf(store, product, { images, taken });
    await db.write(async (tx) => {
      const { event } = await saveProduct(tx, { product: draft, stockReason: 'initial', act });
      record(tx, event);
    });
  }
}

/** Counts the shelf after the history: what cancelled orders gave back is more than the demo says it has. */
export async function takeStock({ store, db }: OpenedShop, at: Date): Promise<void> {
  const stock = new Map(
    store.products.flatMap(({ variants }) => variants.map((each) => [each.sku, each.stock])),
  );
  await db.write(async (tx) => {
    const variants = await countedVariants(tx);
    const counts = variants.map(({ id, sku }) => ({ id, stock: stock.get(sku) ?? null }));
    await countStock(tx, counts, { reason: 'adjustment', at });
  });
}

async function countedVariants({
  sql,
  tenant,
}: TenantTx<StoreTenant>): Promise<{ id: VariantId; sku: string }[]> {
  return sql<{ id: VariantId; sku: string }[]>`
    SELECT v.id, v.sku FROM stock_levels l JOIN variants v ON v.merchant_id = l.merchant_id AND v.id = l.variant_id
    WHERE l.merchant_id = ${tenant.merchantId} AND l.store_id = ${tenant.storeId}`;
}

function piecesTaken(history: readonly PlannedOrder[]): ReadonlyMap<DemoVariant, number> {
  const taken = new Map<DemoVariant, number>();
  for (const { variant, quantity } of history.flatMap(({ lines }) => lines)) {
    taken.set(variant, (taken.get(variant) ?? 0) + quantity);
  }
  return taken;
}

async function storePicture(media: MediaDisk, { illustration, alt }: DemoPicture): Promise<ImageDraft> {
  const file = await storeMedia(media, illustrate(illustration), 'svg');
  return { file, alt, width: SHEET_WIDTH, height: SHEET_HEIGHT };
}

interface Shelf {
  readonly images: readonly ImageDraft[];
  readonly taken: ReadonlyMap<DemoVariant, number>;
}

function draftOf({ categories }: DemoStore, product: DemoProduct, { images, taken }: Shelf): ProductDraft {
  const category = categories.find(({ slug }) => slug === product.category) ?? null;
  const variants = product.variants.map(({ picture, ...variant }, at) => ({
    ...variant,
    image: picture,
    stock:
      variant.stock === null ? null : variant.stock + (taken.get(product.variants[at] as DemoVariant) ?? 0),
  }));
  return { ...product, category, active: true, images, variants };
}
