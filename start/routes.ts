import type { Database } from '#core/db/database.ts';
import type { Reach } from '#core/webhooks/public-addresses.ts';
import type { Route } from '#core/http/route.ts';
import { auditRoutes } from '#app/audit/audit-routes.ts';
import type { MediaDisk } from '#core/files/media.ts';
import { catalogRoutes } from '#app/catalog/catalog-routes.ts';
import { saleRoutes } from '#app/products/sale-routes.ts';
import { imageRoutes } from '#app/products/image-routes.ts';
import { managedCategoryRoutes } from '#app/categories/managed-category-routes.ts';
import { managedProductRoutes } from '#app/products/managed-product-routes.ts';
import { productExportRoutes } from '#app/imports/export-routes.ts';
import { importRoutes } from '#app/imports/import-routes.ts';
import { stockRoutes } from '#app/stock/stock-routes.ts';
import type { ImportRunner } from '#app/imports/import-runner.ts';
import { cartRoutes } from '#app/cart/cart-routes.ts';
import { checkoutRoutes } from '#app/checkout/checkout-routes.ts';
import { paymentRoutes } from '#app/checkout/payment-routes.ts';
import { storefrontRoutes } from '#app/storefront/storefront-routes.ts';
import { accountPageRoutes } from '#app/storefront/account-page-routes.ts';
import { accountDoorRoutes } from '#app/customers/account-door-routes.ts';
import { customerAccountRoutes } from '#app/accounts/account-routes.ts';
import { dashboardCustomerRoutes } from '#app/accounts/dashboard-customer-routes.ts';
import { emailRoutes } from '#app/customers/email-routes.ts';
import { addressRoutes } from '#app/customers/address-routes.ts';
import type { CustomerCookies } from '#app/customers/customer-cookie.ts';
import { profileRoutes } from '#app/customers/profile-routes.ts';
import { stripeWebhookRoutes } from '#app/checkout/stripe-webhook-routes.ts';
import { boardRoutes } from '#app/board/board-routes.ts';
import { deskRoutes } from '#app/board/desk-routes.ts';
import { orderMailRoutes } from '#app/board/order-mail-routes.ts';
import { customerExportRoutes } from '#app/customers/customer-export-routes.ts';
import { orderHistoryRoutes } from '#app/board/order-history-routes.ts';
import { publicOrderRoutes } from '#app/orders/public-order-routes.ts';
import { refundRoutes } from '#app/refunds/refund-routes.ts';
import { storePickerRoutes } from '#app/board/store-picker-routes.ts';
import { trackingRoutes } from '#app/storefront/tracking-routes.ts';
import { shippingRoutes } from '#app/shipping/shipping-routes.ts';
import { accountRoutes } from '#app/staff/account-routes.ts';
import { apiKeyRoutes } from '#app/staff/api-key-routes.ts';
import { acceptanceRoutes, invitationRoutes } from '#app/staff/invitation-routes.ts';
import { memberRoutes } from '#app/staff/member-routes.ts';
import type { PaymentProviders } from '#app/payments/payment-provider.ts';
import { stripeAccountRoutes } from '#app/payments/stripe-account-routes.ts';
import type { StripeApi } from '#app/payments/stripe-client.ts';
import { staffRoutes } from '#app/staff/staff-routes.ts';
import type { StaffCookies } from '#app/staff/staff-cookie.ts';
import { loyaltyRoutes } from '#app/loyalty/loyalty-routes.ts';
import { notificationRoutes } from '#app/notifications/notification-routes.ts';
import { ownPointsRoutes } from '#app/loyalty/own-points-routes.ts';
import { promotionRoutes } from '#app/promotions/promotion-routes.ts';
import { settingsRoutes } from '#app/stores/settings-routes.ts';
import { setupRoutes } from '#app/stores/setup-routes.ts';
import { storeListRoutes } from '#app/stores/store-list-routes.ts';
import { storeRoutes } from '#app/stores/store-routes.ts';
import { taxRoutes } from '#app/taxes/tax-routes.ts';
import type { Themes } from '#app/storefront/theme-renderer.ts';
import { webhookRoutes } from '#app/webhooks/webhook-routes.ts';
import { errorListRoutes } from './error-list.ts';
import { systemRoutes } from './system-routes.ts';

export interface RouteNeeds {
  readonly database: Database;
  readonly cookies: StaffCookies;
  readonly customerCookies: CustomerCookies;
  readonly imports: ImportRunner;
  /** Signs the links in mails, seals the secrets of merchants. */
  readonly secret: string;
  /** Where webhooks may go. */
  readonly reach: Reach;
  readonly themes: Themes;
  readonly payments: { readonly providers: PaymentProviders; readonly stripe: StripeApi };
  /** Scheme and host under which the server is reached. */
  readonly publicUrl: string;
  readonly media: MediaDisk;
  readonly closeSockets: (session: { readonly merchantId: number; readonly sessionId: number }) => void;
}

/** Every route of the server. */
export function shopRoutes({
  database,
  cookies,
  customerCookies,
  secret,
  reach,
  themes,
  payments,
  publicUrl,
  media,
  imports,
  closeSockets,
}: RouteNeeds): Route[] {
  const customerDoors = { database, customerCookies, secret };
  return [
    ...systemRoutes(database),
    ...errorListRoutes,
    ...setupRoutes({ database, cookies }),
    ...staffRoutes({ database, cookies, closeSockets }),
    ...accountRoutes({ cookies, closeSockets }),
    ...memberRoutes({ closeSockets }),
    ...invitationRoutes,
    ...apiKeyRoutes,
    ...acceptanceRoutes({ database, cookies, secret }),
    ...auditRoutes,
    ...storePickerRoutes,
    ...storeListRoutes,
    ...storeRoutes,
    ...settingsRoutes,
    ...catalogRoutes,
    ...saleRoutes,
    ...managedProductRoutes(media),
    ...imageRoutes(media),
    ...managedCategoryRoutes,
    ...accountDoorRoutes(customerDoors),
    ...profileRoutes(customerDoors),
    ...emailRoutes(customerDoors),
    ...addressRoutes,
    ...customerAccountRoutes(customerDoors),
    ...dashboardCustomerRoutes,
    ...customerExportRoutes,
    ...importRoutes(imports),
    ...stockRoutes,
    ...productExportRoutes,
    ...shippingRoutes,
    ...taxRoutes,
    ...promotionRoutes,
    ...loyaltyRoutes,
    ...ownPointsRoutes,
    ...boardRoutes,
    ...deskRoutes,
    ...orderMailRoutes,
    ...refundRoutes(payments.providers),
    ...orderHistoryRoutes,
    ...publicOrderRoutes,
    ...trackingRoutes(themes),
    ...cartRoutes,
    ...checkoutRoutes(payments.providers),
    ...paymentRoutes(payments.providers),
    ...stripeAccountRoutes({ api: payments.stripe, secret, publicUrl }),
    ...stripeWebhookRoutes({ database, providers: payments.providers, secret }),
    ...storefrontRoutes(themes),
    ...accountPageRoutes({ ...customerDoors, themes }),
    ...notificationRoutes,
    ...webhookRoutes({ reach, secret }),
  ];
}
