-- The wall of what a merchant's stores share is asked for every word and product that a search looks at, thousands of them: as OR it is decided
-- sooner than as CASE, and nothing there is looked for by store alone, so what PostgreSQL expects to pass does not matter.

CREATE OR REPLACE PROCEDURE wall(target regclass, kind text) LANGUAGE plpgsql AS $$
DECLARE
  of_merchant text := 'merchant_id = (SELECT current_merchant())';
  -- Not OR, of which PostgreSQL would expect next to nothing to pass.
  of_store text := 'CASE WHEN (SELECT current_store()) IS NULL THEN true ELSE store_id = (SELECT current_store()) END';
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
  shared regclass;
BEGIN
  FOR shared IN
    SELECT polrelid::regclass FROM pg_policy WHERE polname = 'tenant' AND pg_get_expr(polqual, polrelid) ~ 'store_id IS NULL'
  LOOP
    CALL wall(shared, 'shared');
  END LOOP;
END $$;
