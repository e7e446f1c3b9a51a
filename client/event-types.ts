/** Every type of event that the server records. */
export const eventTypes = [
  'OrderCreated',
  'OrderStatusUpdated',
  'ShippingStatusUpdated',
  'ProductUpdated',
  'ProductImportProgressed',
  'LoyaltyPointsUpdated',
  'NotificationCreated',
  'OrderRefunded',
  'RefundRefused',
  'OrderMailRequested',
  'StoreUpdated',
  'StockLow',
  'ShippingRateMissing',
  'PasswordResetRequested',
  'RegistrationRequested',
  'EmailChangeRequested',
  'StaffInvited',
] as const;

export type EventType = (typeof eventTypes)[number];
