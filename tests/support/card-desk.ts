import type { Checkout, PaymentStepView } from '#app/checkout/checkout-schemas.ts';
import { paymentProviders } from '#app/payments/payment-providers.ts';
import { checkOut, checkoutOf, expectStatus, line } from './orders.ts';
import { PM, type PaidShop } from './paid-shop.ts';
import { endHolds, settleAll } from './payments.ts';

/** What customers of the café do who pay by card, and the clock. */
export function cardDesk(shop: () => PaidShop) {
  /** Begins to pay for ten lattes of 4.50. They are not counted, so no shelf empties under what is tried here. */
  const pay = (source: string | null, changes: Partial<Checkout>, client = shop().app.visitor) => {
    const { cafe } = shop().shops;
    const items = [line(cafe.products.latte, { choices: { Whole: 1 }, quantity: 10 })];
    const payment = { method: 'stripe', source } as const;
    return checkOut(client, cafe, checkoutOf(cafe, 'pickup', { items, payment, ...changes }));
  };
  const stepOf = async (answer: ReturnType<typeof pay>) =>
    expectStatus(202, await answer) as unknown as PaymentStepView;
  const confirm = (paymentId: string) =>
    shop().app.visitor.send(`/api/v1/stores/cafe/payments/${paymentId}/confirmation`, { method: 'POST' });
  /** The customer takes the second step at their bank. */
  const finish = ({ payment_id }: Pick<PaymentStepView, 'payment_id'>) => {
    const { books } = shop().stripe;
    const intent = books.intents.find(({ metadata }) => metadata['payment'] === payment_id);
    if (!intent) throw new Error('expected an intent of this payment');
    books.finishStep(intent);
  };
  const settle = () => {
    const { app, stripe } = shop();
    const providers = paymentProviders({ testPayments: false, stripe: stripe.api, secret: app.secret });
    return settleAll(app, { database: app.database, providers });
  };
  /** The hold is given up, and nobody at Stripe could end the payment. */
  const giveUp = async ({ payment_id }: Pick<PaymentStepView, 'payment_id'>) => {
    shop().stripe.trouble(/cancel$/, 'busy');
    await endHolds(shop().app);
    await confirm(payment_id);
  };
  /** Begins to pay and lets the hold end. */
  const late = async (changes: Partial<Checkout>, client = shop().app.visitor) => {
    const step = await stepOf(pay(PM.step, changes, client));
    await giveUp(step);
    return step;
  };
  return { pay, stepOf, confirm, finish, settle, giveUp, late };
}
