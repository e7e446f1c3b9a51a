import type { Stripe } from 'stripe';
import type { TenantDb } from '#core/db/tenant.ts';
import type { MerchantId } from '#core/values/ids.ts';
import type { PaymentProvider, PaymentProviders } from './payment-provider.ts';
import { keyOf, stripeAccount, type StripeAccountRow } from './stripe-account-queries.ts';
import { stripeClient, type StripeApi } from './stripe-client.ts';
import { stripeProvider } from './stripe-provider.ts';
import { testProvider } from './test-provider.ts';

/** Clients of Stripe that are kept, one a merchant; the one that was not used for longest goes. */
const CLIENTS_MAX = 200;

export interface PaymentSettings {
  readonly testPayments: boolean;
  readonly stripe: StripeApi;
  /** The server's own, which sealed the merchants' keys. */
  readonly secret: string;
}

/** What merchants are paid through. Without any, orders are paid in person or by transfer. */
export function paymentProviders({ testPayments, ...settings }: PaymentSettings): PaymentProviders {
  const test = testPayments ? testProvider() : null;
  const clients = stripeClients(settings);
  const connected = async (db: TenantDb): Promise<Connected | null> => {
    const account = await db.read(stripeAccount);
    const stripe = account && (await clients(account));
    return stripe && { account, provider: stripeProvider(stripe, account) };
  };
  return {
    offered: async (db) => {
      const stripe = await connected(db);
      return [test, stripe?.account.active ? stripe.provider : null].filter((provider) => provider !== null);
    },
    of: async (db, { method, account }) => {
      if (method === 'test') return test;
      const stripe = await connected(db);
      return stripe?.account.side === account ? stripe.provider : null;
    },
  };
}

interface Connected {
  readonly account: StripeAccountRow;
  readonly provider: PaymentProvider;
}

/** Answers the client of an account, the same while its key is the same; null when the key cannot be read. */
function stripeClients({ stripe: api, secret }: Omit<PaymentSettings, 'testPayments'>) {
  const kept = new Map<MerchantId, { readonly sealed: Buffer; readonly client: Stripe }>();
  const opened = async (account: StripeAccountRow) => {
    const key = keyOf(account, secret);
    return key === null ? null : stripeClient(key, api);
  };
  return async (account: StripeAccountRow): Promise<Stripe | null> => {
    const { merchant_id: merchantId, sealed_key: sealed } = account;
    const known = kept.get(merchantId);
    // No two sealings of a key are the same, so the sealed one tells whether it was changed.
    const client = known?.sealed.equals(sealed) ? known.client : await opened(account);
    if (!client) return null;
    kept.delete(merchantId);
    kept.set(merchantId, { sealed, client });
    for (const oldest of kept.keys()) if (kept.size > CLIENTS_MAX) kept.delete(oldest);
    return client;
  };
}
