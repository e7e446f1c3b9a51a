-- What all stores sell, in its order. The index by owner cannot give it: to PostgreSQL, one store's products are a list in order, those without a
-- store are not.
CREATE INDEX products_of_all_stores ON products (merchant_id, position, id) WHERE store_id IS NULL AND archived_at IS NULL;
