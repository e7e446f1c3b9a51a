import { emailForm, mobileForm } from '../customers/contact-forms.ts';
import type { Contact } from '../customers/find-or-create-customer.ts';
import { refusal } from '../errors.ts';
import { normaliseCode } from '../promotions/promotion-terms.ts';
import type { StoreConfig } from '../stores/store-queries.ts';
import type { Checkout } from './checkout-schemas.ts';
import { taxPlace } from '../cart/tax-place.ts';
import type { Asked } from '../cart/total-cart.ts';

/** The customer's contact, in the forms that are compared. One of the two is needed; for an account it is the e-mail address. */
export function contactOf({ contact, create_account: account }: Checkout): Contact {
  const email = contact.email ? emailForm(contact.email) : null;
  const mobile = mobileForm(contact.mobile);
  if (account && !email) {
    throw refusal('VALIDATION_FAILED', 'Expected an e-mail address for the account, received none.', {
      errors: { 'contact.email': ['is required for an account'] },
    });
  }
  if (!email && !mobile) {
    throw refusal('VALIDATION_FAILED', 'Expected an e-mail address or a mobile number, received neither.', {
      errors: { 'contact.email': ['an e-mail address or a mobile number is required'] },
    });
  }
  return { firstName: contact.first_name.trim(), lastName: contact.last_name?.trim() ?? '', email, mobile };
}

/** What lowers the price or decides its tax, in the forms that are compared. */
export function askedOf(
  { promotion_code, redeem_points, fulfilment_type, shipping_address: address }: Checkout,
  now: Date,
): Omit<Asked, 'member'> {
  return {
    promotionCode: promotion_code ? normaliseCode(promotion_code) : null,
    redeemPoints: redeem_points ?? false,
    isPickup: fulfilment_type === 'pickup',
    destination: fulfilment_type === 'shipping' && address ? taxPlace(address) : null,
    now,
  };
}

/** Refuses a way of fulfilment that the store does not offer, and a payment that does not fit it. */
export function refuseUnlessOffered(checkout: Checkout, store: StoreConfig): void {
  const type = checkout.fulfilment_type;
  if (!store[type]) {
    throw refusal('FULFILMENT_NOT_OFFERED', `${store.name} does not offer ${type}.`, {
      errors: { fulfilment_type: ['is not offered by this store'] },
    });
  }
  if (type === 'shipping' && checkout.payment?.method === 'pay_at_pickup') {
    throw refusal('PAYMENT_METHOD_UNAVAILABLE', 'An order that ships cannot be paid at pickup.', {
      errors: { 'payment.method': ['does not fit shipping'] },
    });
  }
}

/** How the order counts as paid: in person for pickup, by transfer otherwise, unless the customer chose. */
export function paymentMethodOf({ payment, fulfilment_type }: Checkout): string {
  return payment?.method ?? (fulfilment_type === 'pickup' ? 'pay_at_pickup' : 'manual');
}
