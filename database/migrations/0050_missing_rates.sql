-- When the merchant was told that no rate fits: once an hour is often enough.
ALTER TABLE shipping_lookups ADD COLUMN rate_missed_at timestamptz;
