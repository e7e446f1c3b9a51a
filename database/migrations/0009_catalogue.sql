-- The catalogue in the hands of its merchant: what is searched for, in which order it stands, and a tree that stays one.

-- The words of what is sold, by which it is found. A B-tree of words rather than a GIN index of documents: row security lets only operators
-- that leak nothing reach an index before the tenant's rows are told apart, and neither @@ nor % is one.
ALTER TABLE products DROP COLUMN search;
CREATE TABLE product_words (
  merchant_id bigint NOT NULL,
  product_id bigint NOT NULL,
  -- The product's, so that a store does not read through what its neighbours sell.
  store_id bigint,
  word text COLLATE "C" NOT NULL CHECK (length(word) BETWEEN 1 AND 60),
  -- Where the word stands: 1 in the name, 2 in a tag or option, 3 in the description.
  place integer NOT NULL CHECK (place BETWEEN 1 AND 3),
  PRIMARY KEY (merchant_id, product_id, word),
  FOREIGN KEY (merchant_id, product_id) REFERENCES products ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, store_id) REFERENCES stores ON DELETE CASCADE
);
-- The words of names, tags and options by each three letters of theirs, for parts of words and words with a slip in them. Those that no
-- product has any longer stay: they lead to nothing.
CREATE TABLE word_trigrams (
  merchant_id bigint NOT NULL REFERENCES merchants ON DELETE CASCADE,
  trigram text COLLATE "C" NOT NULL CHECK (length(trigram) = 3),
  word text COLLATE "C" NOT NULL,
  PRIMARY KEY (merchant_id, trigram, word)
);

-- What is already sold is made findable; the owner is behind the walls too, but for this moment. Saving a product again adds its stems.
ALTER TABLE products NO FORCE ROW LEVEL SECURITY;
ALTER TABLE product_tags NO FORCE ROW LEVEL SECURITY;
INSERT INTO product_words (merchant_id, product_id, store_id, word, place)
SELECT merchant_id, id, store_id, word, min(place)
FROM (
  SELECT merchant_id, id, store_id, name AS text, 1 AS place FROM products
  UNION ALL SELECT t.merchant_id, p.id, p.store_id, t.tag, 2 FROM product_tags t JOIN products p ON p.merchant_id = t.merchant_id AND p.id = t.product_id
  UNION ALL SELECT merchant_id, id, store_id, regexp_replace(description, '<[^>]*>|&\w+;', ' ', 'g'), 3 FROM products
) AS texts, unnest(tsvector_to_array(to_tsvector('simple', regexp_replace(text, '[^[:alnum:]]+', ' ', 'g')))) AS word
WHERE length(word) BETWEEN 1 AND 60
GROUP BY merchant_id, id, store_id, word;
INSERT INTO word_trigrams (merchant_id, trigram, word)
SELECT DISTINCT merchant_id, substr(' ' || word || ' ', n, 3), word FROM product_words, generate_series(1, length(word)) n WHERE place < 3;
ALTER TABLE products FORCE ROW LEVEL SECURITY;
ALTER TABLE product_tags FORCE ROW LEVEL SECURITY;

CREATE INDEX product_words_by_word ON product_words (merchant_id, store_id, word, place, product_id);
CALL wall('product_words', 'shared');
CALL wall('word_trigrams', 'merchant');
GRANT SELECT, INSERT, UPDATE (place), DELETE ON product_words TO storeflow_app;
GRANT SELECT, INSERT ON word_trigrams TO storeflow_app;

-- Beginnings of a SKU are found by its index.
ALTER TABLE variants ALTER COLUMN sku TYPE text COLLATE "C";
-- The merchant's own list has what is switched off too.
CREATE INDEX products_of_owner ON products (merchant_id, store_id, position, id);
CREATE INDEX categories_of_owner ON categories (merchant_id, store_id, position, id);

-- A category does not go while others hang below it: some of them may be out of sight of whoever deletes it.
ALTER TABLE categories DROP CONSTRAINT categories_merchant_id_parent_id_fkey,
  ADD FOREIGN KEY (merchant_id, parent_id) REFERENCES categories;

-- Nothing hangs below itself. The ancestors are locked on the way up, so that two moves at once cannot close a ring between them.
CREATE FUNCTION refuse_category_ring() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ancestor bigint := NEW.parent_id;
BEGIN
  WHILE ancestor IS NOT NULL LOOP
    IF ancestor = NEW.id THEN
      RAISE EXCEPTION 'category % would hang below itself', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'categories_are_a_tree';
    END IF;
    SELECT parent_id INTO ancestor FROM categories WHERE merchant_id = NEW.merchant_id AND id = ancestor FOR NO KEY UPDATE;
  END LOOP;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_category_ring() FROM PUBLIC;
CREATE TRIGGER categories_are_a_tree BEFORE UPDATE OF parent_id ON categories
  FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION refuse_category_ring();
