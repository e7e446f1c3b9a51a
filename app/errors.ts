import { DomainError } from '#core/values/domain-error.ts';
import { coreErrors } from '#core/http/error-table.ts';
import { catalogErrors } from './catalog/catalog-errors.ts';
import { webhookErrors } from './webhooks/webhook-errors.ts';
import { importErrors } from './imports/import-errors.ts';
import { stockErrors } from './stock/stock-errors.ts';
import { customerErrors } from './customers/customer-errors.ts';
import { paymentErrors } from './payments/payment-errors.ts';

/** Every refusal of the shop: the status it is answered with, and what the person in front of it is told. */
export const errorTable = {
  ...coreErrors,
  ...catalogErrors,
  STORE_NOT_FOUND: { status: 404, title: 'No such store', help: 'Check the address.' },
  ORDER_NOT_FOUND: { status: 404, title: 'No such order', help: 'Check the link in your confirmation.' },
  STORE_NOT_CHOSEN: {
    status: 409,
    title: 'Choose a store first',
    help: 'Pick the store that you want to work in.',
  },
  SETUP_LINK_INVALID: {
    status: 404,
    title: 'This setup link is not valid',
    help: 'Restart the server for a new one.',
  },
  SLUG_TAKEN: { status: 409, title: 'This address is taken', help: 'Choose another.' },
  LOGIN_TAKEN: {
    status: 409,
    title: 'Someone signs in with this already',
    help: 'Use another e-mail address or user name.',
  },
  STAFF_NOT_FOUND: { status: 404, title: 'No such person', help: 'Look at the list of staff.' },
  STAFF_CHANGED: {
    status: 409,
    title: 'Someone else changed this person’s rights',
    help: 'Look at them as they are now and decide again.',
  },
  LAST_OWNER: { status: 409, title: 'The last owner must stay', help: 'Make someone else an owner first.' },
  INVITATION_NOT_FOUND: {
    status: 404,
    title: 'No such invitation',
    help: 'It may have been accepted or taken back.',
  },
  INVITATION_INVALID: {
    status: 404,
    title: 'This invitation is not valid',
    help: 'Ask for a new one where you are to work.',
  },
  INVITED_ALREADY: {
    status: 409,
    title: 'This person was invited already',
    help: 'Take the invitation back to send another.',
  },
  SESSION_NOT_FOUND: { status: 404, title: 'No such session', help: 'It may have ended already.' },
  PASSWORD_WRONG: { status: 422, title: 'This is not your password', help: 'Enter your present password.' },
  TOO_MANY_API_KEYS: { status: 409, title: 'There are too many keys', help: 'Revoke one that is not used.' },
  API_KEY_NOT_FOUND: { status: 404, title: 'No such key', help: 'Look at the list of keys.' },
  ...stockErrors,
  ...importErrors,
  ...customerErrors,
  CUSTOMER_NOT_FOUND: {
    status: 404,
    title: 'No such customer',
    help: 'They may have been merged or erased.',
  },
  ADDRESS_NOT_FOUND: { status: 404, title: 'No such address', help: 'Look at the list of addresses again.' },
  TOO_MANY_ADDRESSES: {
    status: 409,
    title: 'Too many addresses',
    help: 'Remove one that is no longer used.',
  },
  LINK_INVALID: {
    status: 404,
    title: 'This link is not valid',
    help: 'Links work once and not for long. Ask for a new one.',
  },
  CART_INVALID: { status: 422, title: 'The cart needs a change', help: 'See the fields named in errors.' },
  ITEM_NOT_FOUND: { status: 422, title: 'An item is no longer sold here', help: 'Remove it from the cart.' },
  OUT_OF_STOCK: { status: 409, title: 'Not enough in stock', help: 'Lower the quantity or remove the item.' },
  PRICE_CHANGED: {
    status: 409,
    title: 'The price has changed',
    help: 'Look at the new total and confirm it.',
  },
  PROMOTION_NOT_FOUND: { status: 404, title: 'No such promotion', help: 'Look through the list again.' },
  PROMOTION_CHANGED: {
    status: 409,
    title: 'Someone else changed this promotion',
    help: 'Look at its present state and decide again.',
  },
  PROMOTION_CODE_TAKEN: { status: 409, title: 'This code is taken', help: 'Choose another.' },
  TAX_RATE_NOT_FOUND: { status: 404, title: 'No such tax rate', help: 'Look through the list again.' },
  TAX_RATE_TAKEN: {
    status: 409,
    title: 'There is a rate of this name already',
    help: 'Change that one, or choose another name.',
  },
  TAX_RATES_TOO_MANY: { status: 409, title: 'Too many tax rates', help: 'Remove some first.' },
  LOYALTY_CHANGED: {
    status: 409,
    title: 'Someone else changed the programme',
    help: 'Look at its present state and decide again.',
  },
  PROMOTION_CODE_INVALID: {
    status: 422,
    title: 'This code is not known here',
    help: 'Check how it is written, or order without it.',
  },
  PROMOTION_CODE_EXPIRED: { status: 409, title: 'This code has expired', help: 'Order without it.' },
  PROMOTION_CODE_LIMIT_REACHED: {
    status: 409,
    title: 'This code is used up',
    help: 'Order without it.',
  },
  PROMOTION_CODE_MINIMUM_NOT_MET: {
    status: 409,
    title: 'The order is too small for this code',
    help: 'Order for at least minimum_cents.',
  },
  PROMOTION_CODE_NOT_FOR_PICKUP: {
    status: 409,
    title: 'This code is for orders that ship',
    help: 'Have the order sent, or order without the code.',
  },
  PROMOTION_CODE_SIGN_IN_REQUIRED: {
    status: 409,
    title: 'Sign in to use this code',
    help: 'It may be used a number of times by each customer.',
  },
  LOYALTY_NOT_OFFERED: {
    status: 409,
    title: 'No rewards at the moment',
    help: 'Order without redeeming points.',
  },
  LOYALTY_SIGN_IN_REQUIRED: {
    status: 409,
    title: 'Sign in to redeem points',
    help: 'Points belong to an account.',
  },
  LOYALTY_POINTS_TOO_FEW: {
    status: 409,
    title: 'Not enough points',
    help: 'A reward takes threshold points.',
  },
  LOYALTY_REWARD_NOT_NEEDED: {
    status: 409,
    title: 'There is nothing to take off',
    help: 'Keep the points for another order.',
  },
  STORE_PAUSED: {
    status: 409,
    title: 'The store takes no orders at the moment',
    help: 'Come back when it does; opens_at says when, if that is known.',
  },
  STORE_CLOSED: {
    status: 409,
    title: 'The store is closed then',
    help: 'Choose one of the times in next_slots.',
  },
  SLOT_TAKEN: {
    status: 409,
    title: 'This time is fully booked',
    help: 'Choose one of the times in next_slots.',
  },
  STORE_CHANGED: {
    status: 409,
    title: 'Someone else changed these settings',
    help: 'Look at their present state and decide again.',
  },
  FULFILMENT_NOT_OFFERED: {
    status: 422,
    title: 'The store does not offer this',
    help: 'Choose another way to receive the order.',
  },
  ADDRESS_REQUIRED: { status: 422, title: 'An address is needed', help: 'Fill in the address to ship to.' },
  SHIPPING_METHOD_UNAVAILABLE: {
    status: 422,
    title: 'This shipping method is not available here',
    help: 'Choose one of the quoted methods.',
  },
  DELIVERY_NOT_AVAILABLE_FOR_POSTCODE: {
    status: 409,
    title: 'The store does not deliver there',
    help: 'Try another address or pick up.',
  },
  SHIPPING_CHANGED: {
    status: 409,
    title: 'Someone else changed the shipping rules',
    help: 'Look at their present state and decide again.',
  },
  SHIPPING_ZONE_NOT_FOUND: { status: 404, title: 'No such shipping zone', help: 'It may have been removed.' },
  SHIPPING_METHOD_NOT_FOUND: {
    status: 404,
    title: 'No such shipping method',
    help: 'It may have been removed.',
  },
  SHIPPING_NAME_TAKEN: { status: 409, title: 'This name is taken', help: 'Choose another.' },
  NO_SHIPPING_RATE: { status: 409, title: 'No shipping rate fits this order', help: 'Contact the store.' },
  ...paymentErrors,
  ORDER_NOT_PAID: {
    status: 409,
    title: 'Nothing was paid for this order',
    help: 'Hand it over first, or cancel it: then there is nothing to pay.',
  },
  REFUND_TOO_LARGE: {
    status: 409,
    title: 'More than is left of what was paid',
    help: 'Refund less.',
  },
  NOTHING_TO_REFUND: {
    status: 409,
    title: 'There is no money to give back',
    help: 'Nothing was paid for this, or all of it went back before. Pieces alone go back on the shelf by an adjustment of the stock.',
  },
  REFUND_REFUSED: {
    status: 409,
    title: 'The payment provider refused the refund',
    help: 'Look at the payment in the provider’s own dashboard.',
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    status: 400,
    title: 'Idempotency-Key is missing',
    help: 'Send a new unique key with each order, and the same one with each retry.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'This Idempotency-Key belongs to another request',
    help: 'Use a new key for each new intention.',
  },
  ORDER_CANNOT_ADVANCE: {
    status: 409,
    title: 'The order cannot go there',
    help: 'Choose one of the allowed steps.',
  },
  ORDER_CHANGED: {
    status: 409,
    title: 'Someone else changed this order',
    help: 'Look at its present state and decide again.',
  },
  MAIL_NOT_DUE: {
    status: 409,
    title: 'This mail does not fit the order',
    help: 'Choose a mail about a step that the order has come to.',
  },
  NO_MAIL_ADDRESS: {
    status: 409,
    title: 'The order has no e-mail address',
    help: 'Reach its customer another way.',
  },
  TRACKING_CODE_REQUIRED: {
    status: 422,
    title: 'A tracking code is needed',
    help: 'Enter the parcel’s tracking code.',
  },
  REASON_REQUIRED: {
    status: 422,
    title: 'A reason is needed',
    help: 'Say why the order is cancelled; the customer sees it.',
  },
  ...webhookErrors,
} as const satisfies Record<string, { status: number; title: string; help: string }>;

export type ErrorCode = keyof typeof errorTable;

/** A refusal to throw. `message` says what was expected and what came; `evidence` is shown to the caller. */
export function refusal(
  code: ErrorCode,
  message: string,
  evidence: Readonly<Record<string, unknown>> = {},
): DomainError {
  return new DomainError(code, message, evidence);
}
