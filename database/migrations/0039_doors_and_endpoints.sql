-- An endpoint that fails again and again rests, so that its events do not take the places of those that arrive.
ALTER TABLE webhook_endpoints
  ADD COLUMN failures_in_row integer NOT NULL DEFAULT 0 CHECK (failures_in_row >= 0),
  ADD COLUMN rests_until timestamptz;
GRANT UPDATE (failures_in_row, rests_until) ON webhook_endpoints TO storeflow_app, storeflow_listener;
GRANT SELECT (merchant_id, id, rests_until) ON webhook_endpoints TO storeflow_system;
CREATE POLICY system_rests ON webhook_endpoints FOR SELECT TO storeflow_system USING (true);

-- The worker goes from endpoint to endpoint: what one of them has waiting costs the others nothing.
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (merchant_id, endpoint_id, next_attempt_at, id)
  WHERE state IN ('pending', 'running');
DROP INDEX webhook_deliveries_due;
-- Rows come in the order of time and are asked for by age once an hour.
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries USING brin (created_at);

-- Each failed sign-in takes some away that no longer count.
CREATE INDEX directory_sign_in_attempts_by_age ON directory_sign_in_attempts (window_started_at);
