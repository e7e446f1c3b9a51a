-- What PostgreSQL expects to find behind a wall. It took the number of a merchant and that of one of its stores for two chances that have nothing
-- to do with each other, and the wall itself for one in two hundred: of any store's rows it expected one. It then read all orders of a store for
-- the one that was asked for, because to find it by its own index could not be cheaper.

CREATE OR REPLACE PROCEDURE wall(target regclass, kind text) LANGUAGE plpgsql AS $$
DECLARE
  of_merchant text := 'merchant_id = (SELECT current_merchant())';
  -- Not OR, of which PostgreSQL would expect next to nothing to pass.
  of_store text := 'CASE WHEN (SELECT current_store()) IS NULL THEN true ELSE store_id = (SELECT current_store()) END';
  -- Here it is: searches ask this of thousands of words and products, it is decided sooner, and nothing shared is looked for by store alone.
  of_any_store text := '(store_id IS NULL OR (SELECT current_store()) IS NULL OR store_id = (SELECT current_store()))';
  rule text := CASE kind
    WHEN 'merchant' THEN of_merchant
    WHEN 'directory' THEN of_merchant
    WHEN 'store' THEN of_merchant || ' AND ' || of_store
    WHEN 'shared' THEN of_merchant || ' AND ' || of_any_store
  END;
BEGIN
  IF rule IS NULL THEN RAISE EXCEPTION 'wall: expected merchant, store, shared or directory, received %', kind; END IF;
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('DROP POLICY IF EXISTS tenant ON %s', target);
  EXECUTE format('CREATE POLICY tenant ON %s TO storeflow_app, storeflow_listener USING (%s) WITH CHECK (%s)', target, rule, rule);
  IF kind = 'directory' THEN
    EXECUTE format('DROP POLICY IF EXISTS lookup ON %s', target);
    EXECUTE format('CREATE POLICY lookup ON %s FOR SELECT TO storeflow_app USING (true)', target);
  END IF;
  -- A store is of one merchant: whose rows they are is known with the store.
  IF kind IN ('store', 'shared') THEN
    EXECUTE format('CREATE STATISTICS IF NOT EXISTS %I (dependencies) ON merchant_id, store_id FROM %s', target || '_of_store', target);
  END IF;
END $$;
REVOKE ALL ON PROCEDURE wall(regclass, text) FROM PUBLIC;

DO $$
DECLARE
  walled record;
BEGIN
  FOR walled IN
    SELECT polrelid::regclass AS target, CASE
      WHEN pg_get_expr(polqual, polrelid) ~ 'store_id IS NULL' THEN 'shared' ELSE 'store' END AS kind
    FROM pg_policy WHERE polname = 'tenant' AND pg_get_expr(polqual, polrelid) ~ 'current_store'
  LOOP
    CALL wall(walled.target, walled.kind);
  END LOOP;
END $$;

-- What has ended lately is on the board still. It was looked for in a month of orders. Not one index of what is later: no expression that
-- PostgreSQL does not know to keep to itself what it sees is looked up behind a wall, and coalesce is such a one.
CREATE INDEX orders_completed ON orders (merchant_id, store_id, completed_at) WHERE completed_at IS NOT NULL;
CREATE INDEX orders_cancelled ON orders (merchant_id, store_id, cancelled_at) WHERE cancelled_at IS NOT NULL;

-- With the store: the level of one of them was found by reading those of all that sell the variant.
DROP INDEX stock_levels_of_variant;
CREATE INDEX stock_levels_of_variant ON stock_levels (merchant_id, variant_id, store_id);
