-- Least privilege. storeflow_app takes requests; storeflow_listener runs listeners and cannot change the domain; storeflow_system moves
-- deliveries and compares heads across merchants and sees nothing else. None owns a table, none may bypass row security.

GRANT USAGE ON SCHEMA public TO storeflow_app, storeflow_listener, storeflow_system;
REVOKE ALL ON PROCEDURE wall(regclass, text) FROM PUBLIC;

-- Merchants, stores, staff and customers have a history and are never deleted: they are suspended, deactivated, erased by name.
GRANT SELECT, INSERT, UPDATE, DELETE ON
  store_domains, memberships, staff_sessions, directory_setup, directory_sign_in_attempts,
  categories, products, product_tags, product_images, product_options, option_values, variants, variant_option_values,
  customization_groups, customization_choices, stock_levels, customer_addresses, customer_sessions, loyalty_programmes,
  shipping_zones, shipping_zone_states, shipping_zone_postcodes, shipping_methods, shipping_rates, shipping_lookups, notifications
TO storeflow_app;
GRANT SELECT, INSERT, UPDATE ON merchants, stores, staff, customers, order_counters, idempotency_keys TO storeflow_app;
GRANT SELECT, INSERT ON
  directory_stores, directory_hosts, directory_staff, directory_staff_sessions, directory_customer_sessions, directory_orders,
  directory_realtime_tickets, orders, order_lines, order_line_choices, stock_ledger, loyalty_ledger, audit_log,
  domain_events, stream_heads, stream_events, event_deliveries
TO storeflow_app;
-- A changed address or login leads to the same row, and a rotated secret to the same session.
GRANT UPDATE (slug) ON directory_stores TO storeflow_app;
GRANT UPDATE (login), DELETE ON directory_staff TO storeflow_app;
GRANT UPDATE (token_hash) ON directory_staff_sessions, directory_customer_sessions TO storeflow_app;
GRANT DELETE ON directory_realtime_tickets TO storeflow_app;
-- What was ordered, by whom and for how much is frozen.
GRANT UPDATE (
  version, status, first_name, last_name, email, mobile, notes, locale, payment_method, shipping_method_id, shipping_label, shipping_status,
  country, state, postcode, city, line1, line2, tracking_code, tracking_url, cancel_reason, handled_by,
  promised_at, accepted_at, started_at, ready_at, completed_at, cancelled_at
) ON orders TO storeflow_app;
GRANT UPDATE (last_seq) ON stream_heads TO storeflow_app;
-- A new merchant's id is needed before its row: the transaction that creates it must be bound to it.
GRANT USAGE ON SEQUENCE merchants_id_seq TO storeflow_app;

GRANT SELECT ON
  merchants, stores, store_domains, memberships,
  categories, products, product_tags, product_images, product_options, option_values, variants, variant_option_values,
  customization_groups, customization_choices, stock_levels, customer_addresses, loyalty_programmes,
  shipping_zones, shipping_zone_states, shipping_zone_postcodes, shipping_methods, shipping_rates, shipping_lookups,
  orders, order_lines, order_line_choices, stock_ledger, loyalty_ledger, audit_log,
  domain_events, stream_heads, stream_events, event_deliveries, notifications
TO storeflow_listener;
-- All but the hashes.
GRANT SELECT (merchant_id, id, name, email, username, role, deactivated_at, created_at) ON staff TO storeflow_listener;
GRANT SELECT (merchant_id, id, public_id, first_name, last_name, email, mobile, loyalty_points, erased_at, created_at)
  ON customers TO storeflow_listener;
GRANT INSERT ON notifications, domain_events, stream_heads, stream_events, event_deliveries TO storeflow_listener;
GRANT UPDATE (last_seq) ON stream_heads TO storeflow_listener;
GRANT UPDATE (state, lease_until, lease_token, last_error, next_attempt_at) ON event_deliveries TO storeflow_listener;

GRANT SELECT (merchant_id, channel, epoch, last_seq) ON stream_heads TO storeflow_system;
GRANT SELECT, UPDATE (state, attempts, next_attempt_at, lease_until, lease_token, last_error) ON event_deliveries TO storeflow_system;
GRANT SELECT (merchant_id, created_at), DELETE ON idempotency_keys TO storeflow_system;
GRANT SELECT (expires_at), DELETE ON directory_realtime_tickets TO storeflow_system;
CREATE POLICY system_heads ON stream_heads FOR SELECT TO storeflow_system USING (true);
CREATE POLICY system_deliveries ON event_deliveries TO storeflow_system USING (true) WITH CHECK (true);
CREATE POLICY system_prunes ON idempotency_keys TO storeflow_system
  USING (created_at < now() - interval '24 hours') WITH CHECK (false);
