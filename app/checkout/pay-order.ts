import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { refusal } from '../errors.ts';
import type { PaymentProviders } from '../payments/payment-provider.ts';
import { paymentMethodOf } from './checkout-input.ts';
import type { PaymentStepView, PlacedOrder } from './checkout-schemas.ts';
import type { PlaceOrder } from './decide-order.ts';
import { holdOrder } from './hold-order.ts';
import { tryPayment } from './try-payment.ts';

export interface PayOrder extends PlaceOrder {
  readonly providers: PaymentProviders;
}

/**
 * Places an order that a provider is paid for, once per idempotency key: holds its goods in one transaction, asks the provider in none, writes
 * the order in another. Answers the order, or the step that the customer must take first.
 */
export async function payOrder(
  db: TenantDb<StoreTenant>,
  { providers, ...input }: PayOrder,
): Promise<PlacedOrder | PaymentStepView> {
  const { checkout, requestId } = input;
  const method = paymentMethodOf(checkout);
  const provider = (await providers.offered(db)).find((offered) => offered.method === method) ?? null;
  const source = checkout.payment?.source ?? null;
  if (provider?.accepts(source) === false) {
    throw refusal('VALIDATION_FAILED', 'Expected a means of payment that the provider knows.', {
      errors: { 'payment.source': ['is not a means of payment of this method'] },
    });
  }
  const held = await db.write((tx) => holdOrder(tx, { ...input, provider }));
  if ('placed' in held) return held.placed;
  return tryPayment(db, { providers, payment: held.payment, source, customerIsBack: false, requestId });
}
