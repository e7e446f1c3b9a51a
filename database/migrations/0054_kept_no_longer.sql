-- What has lost its meaning goes, also where nobody comes back to be reminded of it. The owner removes it, and can remove nothing younger.
CREATE POLICY owner_prunes ON staff_sessions TO storeflow_owner USING (expires_at < now()) WITH CHECK (false);
CREATE POLICY owner_prunes ON customer_sessions TO storeflow_owner USING (expires_at < now()) WITH CHECK (false);
CREATE POLICY owner_prunes ON customer_registrations TO storeflow_owner USING (expires_at < now() - interval '1 day') WITH CHECK (false);
CREATE POLICY owner_prunes ON customer_password_resets TO storeflow_owner USING (expires_at < now() - interval '1 day') WITH CHECK (false);
CREATE POLICY owner_prunes ON customer_email_changes TO storeflow_owner USING (expires_at < now() - interval '1 day') WITH CHECK (false);
CREATE POLICY owner_prunes ON staff_invitations TO storeflow_owner USING (expires_at < now() - interval '30 days') WITH CHECK (false);
CREATE POLICY owner_prunes ON notifications TO storeflow_owner USING (created_at < now() - interval '90 days') WITH CHECK (false);

-- One role removes what is old: the one that hands out deliveries no longer needs to.
CREATE POLICY owner_prunes ON idempotency_keys TO storeflow_owner USING (created_at < now() - interval '1 day') WITH CHECK (false);
CREATE POLICY owner_prunes ON webhook_deliveries TO storeflow_owner USING (created_at < now() - interval '30 days') WITH CHECK (false);
DROP POLICY system_prunes ON idempotency_keys;
REVOKE SELECT (merchant_id, created_at), DELETE ON idempotency_keys FROM storeflow_system;
REVOKE SELECT (expires_at), DELETE ON directory_realtime_tickets FROM storeflow_system;
REVOKE SELECT (created_at), DELETE ON webhook_deliveries FROM storeflow_system;

-- Nobody wants to get a mail after three months: a delivery that failed for good no longer keeps its day of the log by then.
DROP POLICY owner_prunes ON event_deliveries;
CREATE POLICY owner_prunes ON event_deliveries FOR DELETE TO storeflow_owner
  USING (state = 'done' OR (state = 'dead' AND created_at < now() - interval '90 days'));

-- Files outlive the merchant who showed them, until they are swept away.
ALTER TABLE loose_files DROP CONSTRAINT loose_files_merchant_id_fkey;
