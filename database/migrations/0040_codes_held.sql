-- A payment under way holds the use of its code, as it holds its stock: whoever pays gets what they were asked to pay for.
ALTER TABLE promotion_redemptions
  ALTER COLUMN order_id DROP NOT NULL,
  ADD COLUMN payment_id bigint,
  ADD FOREIGN KEY (merchant_id, store_id, payment_id) REFERENCES payments ON DELETE RESTRICT,
  ADD CHECK (num_nonnulls(order_id, payment_id) >= 1);
CREATE UNIQUE INDEX promotion_redemptions_of_payment ON promotion_redemptions (merchant_id, store_id, payment_id)
  WHERE payment_id IS NOT NULL AND released_at IS NULL;
GRANT UPDATE (order_id) ON promotion_redemptions TO storeflow_app;
