-- A word's store is its product's: one key says so, and that the product is there, where two said only that product and store are. A key is
-- checked for every word that is written. Null refers to nothing, so 0 stands for all stores.
ALTER TABLE products ADD COLUMN owner bigint NOT NULL GENERATED ALWAYS AS (coalesce(store_id, 0)) STORED,
  ADD UNIQUE (merchant_id, id, owner);
ALTER TABLE product_words ADD COLUMN owner bigint NOT NULL GENERATED ALWAYS AS (coalesce(store_id, 0)) STORED,
  DROP CONSTRAINT product_words_merchant_id_product_id_fkey,
  DROP CONSTRAINT product_words_merchant_id_store_id_fkey,
  ADD FOREIGN KEY (merchant_id, product_id, owner) REFERENCES products (merchant_id, id, owner) ON DELETE CASCADE;
