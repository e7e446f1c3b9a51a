-- Files of pictures that no row shows: not yet, or not any more, whichever way the row went. What stays here for an hour is swept away.
CREATE TABLE loose_files (
  merchant_id bigint NOT NULL REFERENCES merchants ON DELETE CASCADE,
  file text NOT NULL CHECK (file ~ '^u[0-9a-f]{40}\.(svg|webp|avif|jpg|png)$'),
  since timestamptz NOT NULL DEFAULT now(),
  -- Its file is being removed: no row may come to show it.
  doomed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (merchant_id, file)
);
CALL wall('loose_files', 'merchant');
GRANT SELECT, INSERT, DELETE ON loose_files TO storeflow_app;
CREATE POLICY owner_sweeps ON loose_files TO storeflow_owner
  USING (doomed OR since < now() - interval '1 hour') WITH CHECK (doomed);
-- What goes by a cascade is noted with the rights of the owner.
CREATE POLICY owner_notes ON loose_files FOR INSERT TO storeflow_owner WITH CHECK (NOT doomed);

-- Of the files that one row shows; those of many (no hash begins with u) are not counted.
CREATE FUNCTION product_images_show() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own integer;
  found integer;
BEGIN
  SELECT count(DISTINCT file) INTO own FROM shown WHERE file ~ '^u[0-9a-f]{40}\.';
  IF own = 0 THEN RETURN NULL; END IF;
  DELETE FROM loose_files USING shown
    WHERE loose_files.merchant_id = shown.merchant_id AND loose_files.file = shown.file AND NOT doomed;
  GET DIAGNOSTICS found = ROW_COUNT;
  IF found < own THEN RAISE EXCEPTION 'product_images: expected % stored files that nothing shows, found %', own, found; END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION product_images_hide() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO loose_files (merchant_id, file) SELECT DISTINCT merchant_id, file FROM hidden WHERE file ~ '^u[0-9a-f]{40}\.'
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION product_images_show(), product_images_hide() FROM PUBLIC;
CREATE TRIGGER product_images_show AFTER INSERT ON product_images
  REFERENCING NEW TABLE AS shown FOR EACH STATEMENT EXECUTE FUNCTION product_images_show();
CREATE TRIGGER product_images_hide AFTER DELETE ON product_images
  REFERENCING OLD TABLE AS hidden FOR EACH STATEMENT EXECUTE FUNCTION product_images_hide();

-- The owner prunes what has lost its meaning, and can delete nothing younger.
CREATE POLICY owner_prunes ON mail_log TO storeflow_owner USING (at < now() - interval '180 days') WITH CHECK (false);
CREATE POLICY owner_prunes ON store_slots TO storeflow_owner USING (slot_at < now() - interval '7 days') WITH CHECK (false);
CREATE INDEX mail_log_by_age ON mail_log USING brin (at);
CREATE INDEX store_slots_by_age ON store_slots USING brin (slot_at);
