-- What is already sold is found without its accents too, as saving it again would have it.
ALTER TABLE product_words NO FORCE ROW LEVEL SECURITY;
ALTER TABLE word_trigrams NO FORCE ROW LEVEL SECURITY;
WITH plain AS MATERIALIZED (
  SELECT merchant_id, product_id, store_id, place, word AS accented, normalize(regexp_replace(
    translate(replace(replace(replace(replace(normalize(word, NFD), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'øđðłı', 'oddli'),
    '([a-zα-ω])[\u0300-\u036f]+', '\1', 'g'), NFC) AS word
  FROM product_words WHERE word ~ '[^\x01-\x7f]'
), placed AS (
  INSERT INTO product_words (merchant_id, product_id, store_id, word, place)
  SELECT merchant_id, product_id, store_id, word, min(place) FROM plain
  WHERE word <> accented AND length(word) <= 60 GROUP BY merchant_id, product_id, store_id, word ON CONFLICT DO NOTHING
)
INSERT INTO word_trigrams (merchant_id, trigram, word)
SELECT DISTINCT merchant_id, substr(' ' || word || ' ', n, 3), word FROM plain, generate_series(1, length(word)) n
WHERE word <> accented AND length(word) <= 60 AND place < 3 ON CONFLICT DO NOTHING;
ALTER TABLE product_words FORCE ROW LEVEL SECURITY;
ALTER TABLE word_trigrams FORCE ROW LEVEL SECURITY;
