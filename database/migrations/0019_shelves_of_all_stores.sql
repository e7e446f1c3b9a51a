-- What all stores sell, in order. The indexes by owner cannot give it: to PostgreSQL, the rows of one store are a list in order, those without a
-- store are not, and would be sorted for each page.
CREATE INDEX products_of_all_stores ON products (merchant_id, position, id) WHERE store_id IS NULL AND archived_at IS NULL;
CREATE INDEX product_words_of_all_stores ON product_words (merchant_id, word, place, product_id) WHERE store_id IS NULL;
