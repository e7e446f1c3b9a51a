import type postgres from 'postgres';
import { createMerchant, nextMerchantId } from '#app/merchants/create-merchant.ts';
import { createStore } from '#app/stores/create-store.ts';
import type { Database } from '#core/db/database.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import type { MerchantId } from '#core/values/ids.ts';
import { SYSTEM } from '#core/security/audit.ts';
import { STORE } from './shops.ts';

const ACT = { actor: SYSTEM, requestId: null, at: new Date() };
/** Products that one statement makes. */
const BATCH = 5_000;
/** Of so many one belongs to a single store, the others to all of them. */
const OWN_EVERY = 10;

const MAKES = 25_000;

const KINDS =
  'shirt jacket scarf mug kettle lamp chair rug basket bottle backpack tent stove jumper apron teapot candle clock blanket bowl'.split(
    ' ',
  );
const LOOKS =
  'linen cotton woollen leather steel copper walnut bamboo ceramic glass striped folding heavy light waterproof quilted brushed glazed woven oiled'.split(
    ' ',
  );
const COLOURS =
  'red green blue black white amber teal rust moss sand ochre plum slate ivory coral navy'.split(' ');
const SYLLABLES = 'ka lo mi ra ve ton sel bri ha nor dal fi gu wen zo tar pim ost ul yen'.split(' ');

/** A merchant with so many stores and products, of which one store is looked at. */
export interface BigCatalogue {
  readonly db: TenantDb<StoreTenant>;
  readonly products: number;
  readonly stores: number;
}

/** By SQL and as the superuser: what counts here is what is on the shelves, not how it came there. */
export async function fillCatalogue(
  database: Database,
  admin: postgres.Sql,
  { products, stores }: { readonly products: number; readonly stores: number },
): Promise<BigCatalogue> {
  const merchantId = await nextMerchantId(database);
  const storeId = await database.tenant({ merchantId, storeId: null }).write(async (tx) => {
    await createMerchant(tx, { name: `Merchant ${merchantId}`, act: ACT });
    return createStore(tx, { ...STORE, slug: `bench-${merchantId}`, act: ACT });
  });
  await admin`
    INSERT INTO stores (merchant_id, slug, name, currency, country, locale, timezone)
    SELECT ${merchantId}, 'bench-' || ${merchantId}::int || '-' || n, 'Bench', 'AUD', 'AU', 'en-AU', 'Australia/Melbourne'
    FROM generate_series(2, ${stores}::int) n`;
  for (let first = 0; first < products; first += BATCH)
    await addProducts(admin, { merchantId, stores, first, last: Math.min(first + BATCH, products) });
  return { db: database.tenant({ merchantId, storeId }), products, stores };
}

/** Whether the product is one store's: others do not find it. */
export function isOwn(nth: number): boolean {
  return nth % OWN_EVERY === 0;
}

/** What a product is called: a kind, a look and a colour that many share, and a word that few do. */
export function nameOf(nth: number): string {
  return [pick(LOOKS, nth * 7 + 3), pick(COLOURS, nth * 13 + 5), pick(KINDS, nth), makeOf(nth)].join(' ');
}

/** One of 25,000 made-up words. */
function makeOf(nth: number): string {
  const mixed = ((nth % MAKES) * 48_271 + 11) % 2_147_483_647;
  return [1, 20, 400, 8_000].map((step) => pick(SYLLABLES, Math.floor(mixed / step))).join('');
}

function pick(words: readonly string[], at: number): string {
  return words[at % words.length] ?? '';
}

interface Batch {
  readonly merchantId: MerchantId;
  readonly stores: number;
  readonly first: number;
  readonly last: number;
}

async function addProducts(admin: postgres.Sql, { merchantId, stores, first, last }: Batch): Promise<void> {
  const given = Array.from({ length: last - first }, (_, at) => {
    const nth = first + at;
    const description = `${makeOf(nth * 3)} ${nameOf(nth * 5)} for every day`;
    return { nth, name: nameOf(nth), description, shop: isOwn(nth) ? (nth / OWN_EVERY) % stores : null };
  });
  await admin`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${admin.json(given)}) AS given (nth int, name text, description text, shop int)
    ), shop AS (
      SELECT id, row_number() OVER (ORDER BY id) - 1 AS nth FROM stores WHERE merchant_id = ${merchantId}
    ), product AS (
      INSERT INTO products (merchant_id, store_id, slug, name, description, position)
      SELECT ${merchantId}, shop.id, 'product-' || given.nth, name, description, given.nth
      FROM given LEFT JOIN shop ON shop.nth = given.shop
      RETURNING id, store_id, name, description
    ), variant AS (
      INSERT INTO variants (merchant_id, product_id, position, sku, price_cents)
      SELECT ${merchantId}, id, 0, 'SKU-' || id, 900 + id % 5000 FROM product
    ), words AS MATERIALIZED (
      SELECT id, store_id, word, min(place) AS place FROM (
        SELECT id, store_id, unnest(tsvector_to_array(to_tsvector('simple', name))), 1 FROM product
        UNION ALL SELECT id, store_id, unnest(tsvector_to_array(to_tsvector('english', name))), 1 FROM product
        UNION ALL SELECT id, store_id, unnest(tsvector_to_array(to_tsvector('english', description))), 3 FROM product
      ) AS parts (id, store_id, word, place) GROUP BY id, store_id, word
    ), placed AS (
      INSERT INTO product_words (merchant_id, product_id, store_id, word, place) SELECT ${merchantId}, id, store_id, word, place FROM words
    )
    INSERT INTO word_trigrams (merchant_id, trigram, word)
    SELECT DISTINCT ${merchantId}::bigint, substr(' ' || word || ' ', n, 3), word FROM words, generate_series(1, length(word)) n WHERE place < 3
    ON CONFLICT DO NOTHING`;
}
