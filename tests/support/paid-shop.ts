import { testApp, type TestApp } from './app.ts';
import type { HttpClient } from './http-client.ts';
import { openMerchants, type TestMerchants } from './merchants.ts';
import { connectStripe } from './payments.ts';
import { signIn } from './sign-in.ts';
import { startStripeStandIn, type StripeStandIn } from './stripe-stand-in.ts';

/** PaymentMethods that Stripe knows, by what becomes of them. */
export const PM = {
  pays: 'pm_card_visa',
  declined: 'pm_card_visa_chargeDeclined',
  step: 'pm_card_authenticationRequired',
};

/** Merchants whose café is paid through a stand-in of Stripe. */
export interface PaidShop {
  readonly stripe: StripeStandIn;
  readonly app: TestApp;
  readonly shops: TestMerchants;
  readonly manager: HttpClient;
  /** Where Stripe tells of the café's payments. */
  readonly webhook: string;
  close(): Promise<void>;
}

export async function openPaidShop({ testPayments = false } = {}): Promise<PaidShop> {
  const stripe = await startStripeStandIn();
  const app = await testApp({ stripe: stripe.api, testPayments });
  const shops = await openMerchants(app);
  const webhook = await connectStripe(app, shops.cafe.tenant, stripe.account);
  const manager = await signIn(app.visitor, 'manager');
  const close = async () => {
    await app.close();
    await stripe.close();
  };
  return { stripe, app, shops, manager, webhook, close };
}
