-- Listeners that hear of a merchant's events only once the merchant has asked for them.
CREATE TABLE event_subscriptions (
  merchant_id bigint NOT NULL REFERENCES merchants ON DELETE CASCADE,
  listener text NOT NULL CHECK (length(listener) <= 200),
  PRIMARY KEY (merchant_id, listener)
);
CALL wall('event_subscriptions', 'merchant');
GRANT SELECT, INSERT ON event_subscriptions TO storeflow_app;
-- Listeners record events too.
GRANT SELECT ON event_subscriptions TO storeflow_listener;

-- Whoever has an endpoint has asked for webhooks; every merchant is seen here.
ALTER TABLE webhook_endpoints NO FORCE ROW LEVEL SECURITY;
ALTER TABLE event_subscriptions NO FORCE ROW LEVEL SECURITY;
INSERT INTO event_subscriptions SELECT DISTINCT merchant_id, 'fan_out_webhooks' FROM webhook_endpoints;
ALTER TABLE webhook_endpoints FORCE ROW LEVEL SECURITY;
ALTER TABLE event_subscriptions FORCE ROW LEVEL SECURITY;

-- The store of the event: a worker binds its transaction to it before it may read the event.
ALTER TABLE event_deliveries ADD COLUMN store_id bigint;
ALTER TABLE event_deliveries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE domain_events NO FORCE ROW LEVEL SECURITY;
UPDATE event_deliveries d SET store_id = e.store_id
FROM domain_events e
WHERE e.merchant_id = d.merchant_id AND e.day = d.day AND e.id = d.event_id AND d.state <> 'done' AND e.store_id IS NOT NULL;
ALTER TABLE domain_events FORCE ROW LEVEL SECURITY;
ALTER TABLE event_deliveries ADD FOREIGN KEY (merchant_id, store_id) REFERENCES stores ON DELETE CASCADE;
DROP POLICY tenant ON event_deliveries;
CALL wall('event_deliveries', 'shared');
