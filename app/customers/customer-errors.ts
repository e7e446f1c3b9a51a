/** Refusals about people: who they are, their accounts, and what they keep there. */
export const customerErrors = {
  CUSTOMER_NOT_FOUND: {
    status: 404,
    title: 'No such customer',
    help: 'They may have been merged or erased.',
  },
  CUSTOMER_CHANGED: {
    status: 409,
    title: 'This customer was changed meanwhile',
    help: 'Look at the record again and decide.',
  },
  EMAIL_TAKEN: {
    status: 409,
    title: 'Another customer has this address',
    help: 'If the two are one person, the store can merge them.',
  },
  EMAIL_IS_PROVEN: {
    status: 409,
    title: 'The customer signs in with this address',
    help: 'Only they can change it.',
  },
  BOTH_HAVE_ACCOUNTS: {
    status: 409,
    title: 'Both customers have an account',
    help: 'Ask the person which one to keep, and let them delete the other.',
  },
  ORDERS_UNDER_WAY: {
    status: 409,
    title: 'Orders are under way',
    help: 'Finish or cancel them first.',
  },
  CART_CHANGED: {
    status: 409,
    title: 'The cart was changed on another device',
    help: 'Look at it as it is now.',
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
} as const;
