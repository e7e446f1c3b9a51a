import type { MailDraft, MailName } from '../mail.ts';
import { ORDER_MAILS, type OrderMail } from '../orders/order-mails.ts';
import type { PublicOrder } from '../orders/order-view.ts';

const SENDER = {
  name: 'Wren Coffee',
  locale: 'en-AU',
  timezone: 'Australia/Melbourne',
  accent: '#0f766e',
  phone: '+61 3 5550 0100',
  address: '1 High Street, Melbourne VIC 3000',
};

const PLACED_AT = '2026-03-02T09:00:00.000Z';
const PROMISED_AT = '2026-03-02T09:20:00.000Z';

const PICKUP: PublicOrder = {
  public_id: 'sample0000000000000000',
  order_number: '#1001',
  status: 'accepted',
  version: 2,
  fulfilment_type: 'pickup',
  placed_at: PLACED_AT,
  pickup_code: 'K7QM',
  promised_at: PROMISED_AT,
  cancel_reason: null,
  timeline: [{ status: 'pending', at: PLACED_AT }],
  items: [
    {
      name: 'Flat white',
      variant: 'Large',
      customizations: [
        { group: 'Milk', name: 'Oat', quantity: 1, price_delta_cents: 80 },
        { group: 'Extras', name: 'Extra shot', quantity: 2, price_delta_cents: 50 },
      ],
      quantity: 2,
      backordered: 0,
      unit_cents: 730,
      total_cents: 1460,
      discount_cents: 138,
      tax_cents: 120,
    },
    {
      name: 'Almond croissant',
      variant: '',
      customizations: [],
      quantity: 1,
      backordered: 1,
      unit_cents: 650,
      total_cents: 650,
      discount_cents: 62,
      tax_cents: 54,
    },
  ],
  promotion_code: 'HELLO',
  points_spent: 0,
  discounts: [{ kind: 'promotion', code: 'HELLO', points: null, amount_cents: 200 }],
  taxes: [{ name: 'GST', rate_millipercent: 10_000, net_cents: 1736, tax_cents: 174 }],
  totals: {
    items_cents: 2110,
    shipping_cents: 0,
    discount_cents: 200,
    tax_cents: 0,
    tax_included_cents: 174,
    total_cents: 1910,
    currency: 'AUD',
  },
  refunded_cents: 0,
  shipping: null,
  store: { slug: 'wren', name: SENDER.name, phone: SENDER.phone, address: SENDER.address },
};

const SHIPPED: PublicOrder = {
  ...PICKUP,
  status: 'shipped',
  fulfilment_type: 'shipping',
  promised_at: null,
  totals: { ...PICKUP.totals, shipping_cents: 900, total_cents: 2810 },
  shipping: {
    method: 'Standard post',
    status: 'shipped',
    tracking_code: 'AP 1234 5678',
    tracking_url: 'https://parcels.example/AP12345678',
    discount_cents: 0,
    tax_cents: 0,
  },
};

const SHIP_TO = ['Ada Byron', '2 Low Street', 'Melbourne VIC 3000', 'AU'];

const ORDERS: Readonly<Record<OrderMail, PublicOrder>> = {
  order_placed: PICKUP,
  order_accepted: PICKUP,
  order_ready: PICKUP,
  order_shipped: SHIPPED,
  order_cancelled: { ...PICKUP, status: 'cancelled', cancel_reason: 'The oven is broken today.' },
  order_refunded: PICKUP,
};

/** Each mail as it could be sent, for whoever works on its looks. */
export const sampleMails: Readonly<Record<MailName, MailDraft>> = {
  ...(Object.fromEntries(ORDER_MAILS.map((mail) => [mail, orderSample(mail)])) as Record<
    OrderMail,
    MailDraft
  >),
  password_reset: doorSample('password_reset', 'account/password?token=sample'),
  account_confirmation: doorSample('account_confirmation', 'account/confirm?token=sample'),
  email_confirmation: doorSample('email_confirmation', 'account/confirm?token=sample'),
  email_change: {
    ...common('email_change'),
    subject: {},
    content: {
      first_name: 'Ada',
      new_email: 'l•••@example.org',
      url: 'https://shop.example/s/wren/account/password',
    },
  },
  staff_invitation: {
    ...common('staff_invitation'),
    sender: { ...SENDER, name: 'Wren Coffee & Co', phone: null, address: null },
    subject: { inviter: 'Grace' },
    content: {
      name: 'Ada',
      inviter: 'Grace',
      expires_at: PROMISED_AT,
      url: 'https://shop.example/invitations/sample',
    },
  },
  stock_low: {
    ...common('stock_low'),
    subject: { product: 'Merino tee – M / Black' },
    content: {
      product: 'Merino tee – M / Black',
      quantity: 2,
      threshold: 5,
      dashboard_url: 'https://shop.example/dashboard',
    },
  },
};

function orderSample(mail: OrderMail): MailDraft {
  const order = ORDERS[mail];
  return {
    ...common(mail),
    subject: { number: order.order_number },
    content: {
      order,
      first_name: 'Ada',
      ship_to: order.shipping && SHIP_TO,
      refund_cents: 650,
      tracking_url: `https://shop.example/o/${order.public_id}`,
    },
  };
}

function doorSample(mail: MailName, page: string): MailDraft {
  return {
    ...common(mail),
    subject: {},
    content: { first_name: 'Ada', expires_at: PROMISED_AT, url: `https://shop.example/s/wren/${page}` },
  };
}

function common(mail: MailName) {
  return { mail, to: ['ada@example.com'], sender: SENDER, locale: null, about: 'a sample' };
}
