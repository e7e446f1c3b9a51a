-- Stock keeps its history: a level without a quantity is not counted, now or any more, and its ledger stays. While it is counted, the
-- quantity is the ledger's sum.
ALTER TABLE stock_levels ALTER COLUMN quantity DROP NOT NULL,
  -- Staff are told when the quantity falls to it.
  ADD COLUMN low_threshold integer CHECK (low_threshold BETWEEN 0 AND 1000000),
  -- Whether it is sold on when nothing is left. The quantity stays at 0 then; what was sold beyond it is order_lines.backordered.
  ADD COLUMN backorder boolean NOT NULL DEFAULT false;
COMMENT ON TABLE stock_levels IS 'Pieces of a variant in a store. Without a row, or with a quantity of null, they are not counted and always available.';
REVOKE DELETE ON stock_levels FROM storeflow_app;

-- Why staff changed it, and who; the other reasons tell that themselves.
ALTER TABLE stock_ledger ADD COLUMN note text CHECK (length(note) BETWEEN 1 AND 200),
  ADD COLUMN actor_kind text CHECK (actor_kind IN ('staff', 'api_key', 'system')),
  ADD COLUMN actor_id bigint,
  ADD CONSTRAINT stock_ledger_of_actor CHECK ((actor_kind IS DISTINCT FROM 'staff' AND actor_kind IS DISTINCT FROM 'api_key') = (actor_id IS NULL));

-- Of the pieces of a line, those that were not there when it was ordered: the ledger has the others.
ALTER TABLE order_lines ADD COLUMN backordered integer NOT NULL DEFAULT 0,
  ADD CONSTRAINT order_lines_backordered_within_quantity CHECK (backordered BETWEEN 0 AND quantity);
