/** The channel of a customer's points, for the customer who is signed in. */
export function customerLoyaltyChannel(publicId: string): string {
  return `customer.${publicId}.loyalty`;
}
