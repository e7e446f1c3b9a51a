import type { PaymentProviders } from './payment-provider.ts';
import { stripeProvider, type StripeSettings } from './stripe-provider.ts';
import { testProvider } from './test-provider.ts';

export interface PaymentSettings {
  readonly testPayments: boolean;
  readonly stripe: StripeSettings | null;
}

/** What routes need to take payments. */
export interface PaymentDoors {
  readonly providers: PaymentProviders;
  readonly stripe: StripeSettings | null;
}

/** The providers that the server's settings open. Without any, orders are paid in person or by transfer. */
export function paymentProviders({ testPayments, stripe }: PaymentSettings): PaymentProviders {
  const offered = [
    ...(testPayments ? [testProvider()] : []),
    ...(stripe === null ? [] : [stripeProvider(stripe)]),
  ];
  return new Map(offered.map((provider) => [provider.method, provider]));
}
