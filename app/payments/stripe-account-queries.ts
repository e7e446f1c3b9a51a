import type { Database } from '#core/db/database.ts';
import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { openSealed, type SealedFor } from '#core/security/sealed-secret.ts';
import { secretHash } from '#core/security/secret-token.ts';
import type { MerchantId } from '#core/values/ids.ts';

/** Asked so often, a payment has had no answer for most of a day. */
const ATTEMPTS_HOPED_FOR = 24;

export interface StripeAccountRow {
  merchant_id: MerchantId;
  version: number;
  active: boolean;
  account: string;
  livemode: boolean;
  /** The account's name with its side, live or test: what payments are made with. */
  side: string;
  publishable_key: string;
  sealed_key: Buffer;
  key_last4: string;
  sealed_webhook_secret: Buffer | null;
  webhook_secret_last4: string | null;
  webhook_token: string;
  connected_at: Date;
}

/** The account that the merchant is paid into; null when none is connected. */
export async function stripeAccount(tx: TenantTx<Tenant>): Promise<StripeAccountRow | null> {
  const [account] = await tx.sql<StripeAccountRow[]>`${accountColumns(tx)}`;
  return account ?? null;
}

/** The same, locked to COMMIT: no payment begins meanwhile. */
export async function lockStripeAccount(tx: TenantTx<Tenant>): Promise<StripeAccountRow | null> {
  const [account] = await tx.sql<StripeAccountRow[]>`${accountColumns(tx)} FOR UPDATE`;
  return account ?? null;
}

/** Whether payments can begin with this side of the account; it then stays so to COMMIT. */
export async function keepStripeAccount(
  { sql, tenant }: TenantTx<Tenant>,
  side: string | null,
): Promise<boolean> {
  const kept = await sql`
    SELECT FROM stripe_accounts WHERE merchant_id = ${tenant.merchantId} AND side = ${side} AND active FOR SHARE`;
  return kept.length === 1;
}

/**
 * Whether a payment or a refund through Stripe, at any of the merchant's stores, waits for an answer. Not counted are those for whose answer
 * nobody hopes any more: the account may have been closed at Stripe, and must not stay here for ever.
 */
export async function isStripeAwaited({ sql, tenant }: TenantTx<Tenant>): Promise<boolean> {
  const open = await sql`
    SELECT FROM directory_payments d JOIN payments p USING (merchant_id, store_id)
    WHERE d.merchant_id = ${tenant.merchantId} AND d.due_at IS NOT NULL AND p.id = d.payment_id AND p.method = 'stripe'
      AND p.attempts < ${ATTEMPTS_HOPED_FOR} LIMIT 1`;
  return open.length > 0;
}

/** Finds whose account Stripe tells of by its address, before any tenant is bound. */
export async function merchantOfWebhook({ directory }: Database, token: string): Promise<MerchantId | null> {
  const [row] = await directory<{ merchant_id: MerchantId }[]>`
    SELECT merchant_id FROM directory_stripe_webhooks WHERE token_hash = ${secretHash(token)}`;
  return row?.merchant_id ?? null;
}

/** What the account's secrets are sealed for. */
export function sealedAs(
  purpose: 'stripe key' | 'stripe webhook',
  secret: string,
  { merchantId }: Pick<Tenant, 'merchantId'>,
): SealedFor {
  return { secret, merchantId, purpose };
}

/** The secret key; null when it was sealed with another server's secret. */
export function keyOf(
  { sealed_key, merchant_id: merchantId }: StripeAccountRow,
  secret: string,
): string | null {
  return openSealed(sealed_key, sealedAs('stripe key', secret, { merchantId }));
}

/** The secret that signs Stripe's messages; null when none was given, or it was sealed with another server's secret. */
export function webhookSecretOf(
  { sealed_webhook_secret: sealed, merchant_id: merchantId }: StripeAccountRow,
  secret: string,
): string | null {
  return sealed && openSealed(sealed, sealedAs('stripe webhook', secret, { merchantId }));
}

function accountColumns({ sql, tenant }: TenantTx<Tenant>) {
  return sql`
    SELECT merchant_id, version, active, account, livemode, side, publishable_key, sealed_key, key_last4, sealed_webhook_secret,
      webhook_secret_last4, webhook_token, connected_at
    FROM stripe_accounts WHERE merchant_id = ${tenant.merchantId}`;
}
