-- They are listed by store, the newest first; a merchant's by the primary key.
DROP INDEX notifications_by_time;
CREATE INDEX notifications_of_store ON notifications (merchant_id, store_id, id DESC);
