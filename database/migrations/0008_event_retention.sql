-- Days of the event log go whole, but never one that a delivery still waits for. The owner, who drops them, is behind the walls too: without
-- sight of the deliveries, PostgreSQL's own check before a partition is detached would find none and leave them without their events.
CREATE POLICY owner_sees ON event_deliveries FOR SELECT TO storeflow_owner USING (true);
CREATE POLICY owner_prunes ON event_deliveries FOR DELETE TO storeflow_owner USING (state = 'done');
