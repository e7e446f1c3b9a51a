import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { variantTitle, type ProductDraft } from '../catalog/product.ts';
import { formsOf, STEMMERS, wordsOf, wordsOfHtml } from '../catalog/search-words.ts';
import { knownIds, type KeptProduct } from './upsert-products.ts';

/** In characters. Longer ones are no words. */
const WORD_LENGTH_MAX = 60;

/**
 * Writes the words by which the owner's products are found: as they are, with and without accents, and those of names and descriptions also
 * as their stems in the languages of the stores that sell them. The products' rows are locked, so nobody else writes their words.
 */
export async function saveWords(
  { sql, tenant }: TenantTx<Tenant>,
  kept: readonly KeptProduct[],
): Promise<void> {
  const { merchantId, storeId } = tenant;
  const texts = kept.map(({ id, draft }) => ({ id, ...textsOf(draft) }));
  const ofOwner = storeId === null ? sql`` : sql`AND id = ${storeId}`;
  await sql`
    WITH languages AS MATERIALIZED (
      SELECT DISTINCT coalesce(${sql.json(STEMMERS)}::jsonb ->> split_part(locale, '-', 1), 'simple')::regconfig AS stemmer
      FROM stores WHERE merchant_id = ${merchantId} ${ofOwner}
    ), texts AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${sql.json(texts)}) AS text (id bigint, name text, labels text, description text)
    ), given AS MATERIALIZED (
      SELECT id, word COLLATE "C" AS word, min(place) AS place FROM (
        SELECT id, unnest(tsvector_to_array(to_tsvector('simple', name))), 1 FROM texts
        UNION ALL SELECT id, unnest(tsvector_to_array(to_tsvector('simple', labels))), 2 FROM texts
        UNION ALL SELECT id, unnest(tsvector_to_array(to_tsvector(stemmer, name))), 1 FROM texts, languages
        UNION ALL SELECT id, unnest(tsvector_to_array(to_tsvector(stemmer, description))), 3 FROM texts, languages
      ) AS parts (id, word, place)
      WHERE length(word) BETWEEN 1 AND ${WORD_LENGTH_MAX} GROUP BY id, word COLLATE "C"
    ), known AS MATERIALIZED (
      SELECT product_id AS id, word, place FROM product_words WHERE merchant_id = ${merchantId} AND product_id = ANY(${knownIds(kept)}::bigint[])
    ), changes AS MATERIALIZED (
      SELECT id, word, known.place AS was, given.place FROM known FULL JOIN given USING (id, word)
      WHERE known.place IS DISTINCT FROM given.place
    ), gone AS (
      DELETE FROM product_words AS w USING changes
      WHERE w.merchant_id = ${merchantId} AND w.product_id = changes.id AND w.word = changes.word AND changes.place IS NULL
    ), moved AS (
      UPDATE product_words AS w SET place = changes.place FROM changes
      WHERE w.merchant_id = ${merchantId} AND w.product_id = changes.id AND w.word = changes.word AND changes.place <> changes.was
    ), written AS (
      INSERT INTO product_words (merchant_id, product_id, store_id, word, place)
      SELECT ${merchantId}::bigint, id, ${storeId}::bigint, word, place FROM changes WHERE was IS NULL ORDER BY id, word
    ), spelt AS MATERIALIZED (
      SELECT DISTINCT word, substr(' ' || word || ' ', 1, 3) AS beginning FROM changes WHERE place < 3
    ), fresh AS (
      SELECT word FROM spelt WHERE NOT EXISTS (SELECT FROM word_trigrams known
        WHERE known.merchant_id = ${merchantId} AND known.trigram = spelt.beginning AND known.word = spelt.word)
    )
    INSERT INTO word_trigrams (merchant_id, trigram, word)
    SELECT ${merchantId}, substr(' ' || word || ' ', n, 3) AS trigram, word FROM fresh, generate_series(1, length(word)) n
    ORDER BY word, trigram
    ON CONFLICT DO NOTHING`;
}

function textsOf({ name, tags, variants, description }: ProductDraft) {
  return {
    name: formsOf(wordsOf(name)).join(' '),
    labels: formsOf(wordsOf([...tags, ...variants.map(variantTitle)].join(' '))).join(' '),
    description: formsOf(wordsOfHtml(description)).join(' '),
  };
}
