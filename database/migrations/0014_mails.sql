-- What became of each mail, so that an event is mailed once however often its delivery runs. To whom it went is not kept.
CREATE TABLE mail_log (
  merchant_id bigint NOT NULL REFERENCES merchants ON DELETE CASCADE,
  store_id bigint,
  event_id uuid NOT NULL,
  mailing text NOT NULL CHECK (mailing ~ '^[a-z_]+$'),
  mail text NOT NULL CHECK (mail ~ '^[a-z_]+$'),
  outcome text NOT NULL CHECK (outcome IN ('sent', 'refused')),
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, event_id, mailing),
  FOREIGN KEY (merchant_id, store_id) REFERENCES stores ON DELETE CASCADE
);
CREATE INDEX mail_log_of_store ON mail_log (merchant_id, store_id);
CALL wall('mail_log', 'shared');
GRANT SELECT, INSERT ON mail_log TO storeflow_listener;
GRANT SELECT ON mail_log TO storeflow_app;
