-- The Stripe account that a merchant is paid into.

CREATE TABLE stripe_accounts (
  merchant_id bigint PRIMARY KEY REFERENCES merchants ON DELETE CASCADE,
  version integer NOT NULL DEFAULT 1,
  active boolean NOT NULL,
  account text NOT NULL CHECK (account ~ '^acct_\w{1,200}$'),
  livemode boolean NOT NULL,
  -- An account has two sides that know nothing of each other's payments.
  side text NOT NULL GENERATED ALWAYS AS (account || CASE WHEN livemode THEN ':live' ELSE ':test' END) STORED,
  publishable_key text NOT NULL CHECK (publishable_key ~ '^pk_(live|test)_\w{1,247}$'),
  -- Sealed for this merchant with a key made from the server's secret; people see the last four characters.
  sealed_key bytea NOT NULL,
  key_last4 text NOT NULL CHECK (length(key_last4) = 4),
  sealed_webhook_secret bytea,
  webhook_secret_last4 text CHECK (length(webhook_secret_last4) = 4),
  webhook_token text NOT NULL CHECK (length(webhook_token) = 22),
  connected_at timestamptz NOT NULL,
  CHECK ((publishable_key ~ '^pk_live_') = livemode),
  CHECK ((sealed_webhook_secret IS NULL) = (webhook_secret_last4 IS NULL))
);
CALL wall('stripe_accounts', 'merchant');

-- Finds whose account a message of Stripe is about.
CREATE TABLE directory_stripe_webhooks (
  token_hash bytea PRIMARY KEY,
  merchant_id bigint NOT NULL UNIQUE REFERENCES stripe_accounts ON DELETE CASCADE
);
CALL wall('directory_stripe_webhooks', 'directory');

-- The side of the account that it is made with; of no use to any other.
ALTER TABLE payments ADD COLUMN account text CHECK (length(account) <= 255),
  ADD CONSTRAINT payments_account_at_stripe CHECK (account IS NULL OR method = 'stripe');

GRANT SELECT, INSERT, DELETE ON stripe_accounts TO storeflow_app;
GRANT UPDATE (version, active, account, livemode, publishable_key, sealed_key, key_last4, sealed_webhook_secret, webhook_secret_last4)
  ON stripe_accounts TO storeflow_app;
GRANT SELECT, INSERT ON directory_stripe_webhooks TO storeflow_app;
