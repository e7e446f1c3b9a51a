import { Type, type Static } from 'typebox';
import { Nullable } from '#core/values/schema.ts';

/** The events that a merchant's programs may be sent. */
export const WEBHOOK_EVENT_TYPES = [
  'OrderCreated',
  'OrderStatusUpdated',
  'ShippingStatusUpdated',
  'OrderRefunded',
  'RefundRefused',
  'ProductUpdated',
  'StockLow',
  'LoyaltyPointsUpdated',
] as const;

export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

const Time = Type.String({ format: 'date-time' });

export const EventTypes = Type.Array(Type.Enum([...WEBHOOK_EVENT_TYPES]), {
  minItems: 1,
  maxItems: WEBHOOK_EVENT_TYPES.length,
  uniqueItems: true,
});

export const WebhookEndpointSchema = Type.Object({
  id: Type.String(),
  version: Type.Integer({ description: 'Grows with each change' }),
  url: Type.String(),
  description: Type.String(),
  event_types: Type.Array(Type.String()),
  active: Type.Boolean(),
  failing_since: Nullable(Time),
  paused_at: Nullable(Time),
  created_at: Time,
});
export type WebhookEndpoint = Static<typeof WebhookEndpointSchema>;

export const SecretSchema = Type.String({ description: 'Shown this once', examples: ['whsec_4Nd…'] });

export const DeliveryStateSchema = Type.Union([
  Type.Literal('pending'),
  Type.Literal('running'),
  Type.Literal('delivered'),
  Type.Literal('failed'),
]);

export const WebhookDeliverySchema = Type.Object({
  id: Type.String(),
  endpoint_id: Type.String(),
  event_id: Type.String(),
  event_type: Type.String(),
  state: DeliveryStateSchema,
  attempts: Type.Integer(),
  attempted_at: Nullable(Time),
  next_attempt_at: Nullable(Time),
  response_code: Nullable(Type.Integer()),
  duration_ms: Nullable(Type.Integer()),
  failure: Nullable(Type.String()),
  created_at: Time,
});
export type WebhookDelivery = Static<typeof WebhookDeliverySchema>;

export const WebhookDeliveryDetailSchema = Type.Object({
  ...WebhookDeliverySchema.properties,
  body: Type.String({ description: 'As it is sent' }),
  response_body: Nullable(Type.String({ description: 'The beginning of what was answered' })),
});
export type WebhookDeliveryDetail = Static<typeof WebhookDeliveryDetailSchema>;
