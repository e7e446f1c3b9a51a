import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { sealSecret } from '#core/security/sealed-secret.ts';
import { secretHash } from '#core/security/secret-token.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import { newToken } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import {
  isStripeAwaited,
  lockStripeAccount,
  sealedAs,
  stripeAccount,
  type StripeAccountRow,
} from './stripe-account-queries.ts';

const SHOWN_CHARACTERS = 4;

export interface StripeAccountDraft {
  /** The version that the person was looking at; 0 where none is connected. */
  readonly version: number;
  readonly publishableKey: string;
  /** With the account that Stripe says it is of. Null: both stay as they are. */
  readonly key: { readonly secret: string; readonly accountId: string } | null;
  /** Null: it stays as it is, unless the account becomes another. */
  readonly webhookSecret: string | null;
  /** Null: as it is; at first on. */
  readonly active: boolean | null;
}

type Act = Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;

export interface Saving {
  /** The server's own, which seals. */
  readonly secret: string;
  readonly act: Act;
}

/**
 * Connects an account, or changes its keys. Payments remember the account that they were made with: new keys of the same one serve them;
 * another one is refused with STRIPE_PAYMENTS_OPEN while the present one is awaited. Refuses STRIPE_CHANGED when someone else was first.
 */
export async function saveStripeAccount(
  tx: TenantTx<Tenant>,
  draft: StripeAccountDraft,
  { secret, act }: Saving,
): Promise<StripeAccountRow> {
  const { sql, tenant } = tx;
  // Of two who connect the first at once, the second sees it.
  await sql`SELECT FROM merchants WHERE id = ${tenant.merchantId} FOR NO KEY UPDATE`;
  const before = await lockStripeAccount(tx);
  refuseOtherVersion(before, draft.version);
  const key = sealedKey(tx, draft, secret) ?? before;
  if (!key) throw new Error('stripe: expected a key for the first account');
  const isOther = before !== null && sideOf(key) !== sideOf(before);
  if (isOther) await refuseWhileAwaited(tx);
  const webhook = sealedWebhook(tx, draft, secret) ?? (isOther ? null : before);
  const token = before?.webhook_token ?? newToken();
  await sql`
    INSERT INTO stripe_accounts (merchant_id, active, account, livemode, publishable_key, sealed_key, key_last4, sealed_webhook_secret,
      webhook_secret_last4, webhook_token, connected_at)
    VALUES (${tenant.merchantId}, ${draft.active ?? before?.active ?? true}, ${key.account}, ${key.livemode}, ${draft.publishableKey},
      ${key.sealed_key}, ${key.key_last4}, ${webhook?.sealed_webhook_secret ?? null}, ${webhook?.webhook_secret_last4 ?? null}, ${token}, ${act.at})
    ON CONFLICT (merchant_id) DO UPDATE SET version = stripe_accounts.version + 1, active = excluded.active,
      account = excluded.account, livemode = excluded.livemode, publishable_key = excluded.publishable_key,
      sealed_key = excluded.sealed_key, key_last4 = excluded.key_last4, sealed_webhook_secret = excluded.sealed_webhook_secret,
      webhook_secret_last4 = excluded.webhook_secret_last4`;
  if (!before)
    await sql`
      INSERT INTO directory_stripe_webhooks (token_hash, merchant_id) VALUES (${secretHash(token)}, ${tenant.merchantId})`;
  const after = await stripeAccount(tx);
  if (!after) throw new Error('stripe: expected the account that was saved');
  await audit(tx, { action: before ? 'stripe.changed' : 'stripe.connected', before, after, act });
  return after;
}

/** Forgets the account with its keys. Refuses STRIPE_PAYMENTS_OPEN while it is awaited: nobody could ask it any more. */
export async function removeStripeAccount(tx: TenantTx<Tenant>, act: Act): Promise<void> {
  const { sql, tenant } = tx;
  const before = await lockStripeAccount(tx);
  if (!before) throw stripeNotConnected();
  await refuseWhileAwaited(tx);
  await sql`DELETE FROM stripe_accounts WHERE merchant_id = ${tenant.merchantId}`;
  await audit(tx, { action: 'stripe.disconnected', before, after: null, act });
}

export function stripeNotConnected() {
  return refusal('STRIPE_NOT_CONNECTED', 'There is no Stripe account to be seen or changed.');
}

/** Which side of an account a key opens, it says itself. */
export function isLive(key: string): boolean {
  return /^[a-z]k_live_/.test(key);
}

function refuseOtherVersion(before: StripeAccountRow | null, expected: number): void {
  const version = before?.version ?? 0;
  if (version === expected) return;
  throw refusal('STRIPE_CHANGED', `Expected version ${expected} of the account, it is ${version}.`);
}

async function refuseWhileAwaited(tx: TenantTx<Tenant>): Promise<void> {
  if (await isStripeAwaited(tx))
    throw refusal(
      'STRIPE_PAYMENTS_OPEN',
      'Expected no payment and no refund under way through this account.',
    );
}

type SealedKey = Pick<StripeAccountRow, 'account' | 'livemode' | 'sealed_key' | 'key_last4'>;

function sealedKey(
  { tenant }: TenantTx<Tenant>,
  { key }: StripeAccountDraft,
  secret: string,
): SealedKey | null {
  return (
    key && {
      account: key.accountId,
      livemode: isLive(key.secret),
      sealed_key: sealSecret(key.secret, sealedAs('stripe key', secret, tenant)),
      key_last4: key.secret.slice(-SHOWN_CHARACTERS),
    }
  );
}

type SealedWebhook = Pick<StripeAccountRow, 'sealed_webhook_secret' | 'webhook_secret_last4'>;

function sealedWebhook(
  { tenant }: TenantTx<Tenant>,
  { webhookSecret }: StripeAccountDraft,
  secret: string,
): SealedWebhook | null {
  if (webhookSecret === null) return null;
  return {
    sealed_webhook_secret: sealSecret(webhookSecret, sealedAs('stripe webhook', secret, tenant)),
    webhook_secret_last4: webhookSecret.slice(-SHOWN_CHARACTERS),
  };
}

function sideOf({ account, livemode }: SealedKey): string {
  return `${account}:${livemode}`;
}

interface Change {
  readonly action: string;
  readonly before: StripeAccountRow | null;
  readonly after: StripeAccountRow | null;
  readonly act: Act;
}

async function audit(tx: TenantTx<Tenant>, { action, before, after, act }: Change): Promise<void> {
  await writeAudit(tx, {
    ...act,
    action,
    entity: 'stripe_account',
    entityId: null,
    before: before && noted(before),
    after: after && noted(after),
  });
}

/** What the audit log may tell: of secrets only what people see of them. */
function noted({
  active,
  account,
  livemode,
  publishable_key,
  key_last4,
  webhook_secret_last4,
}: StripeAccountRow) {
  return { active, account, livemode, publishable_key, key_last4, webhook_secret_last4 };
}
