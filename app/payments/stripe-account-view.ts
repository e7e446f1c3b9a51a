import { Type, type Static } from 'typebox';
import { Absent, Nullable } from '#core/values/schema.ts';

const KEY_LENGTH_MAX = 255;

const PublishableKey = Type.String({
  pattern: String.raw`^pk_(live|test)_\w+$`,
  maxLength: KEY_LENGTH_MAX,
  description: 'What customers’ browsers show to Stripe',
});
const Last4 = Type.String({ description: 'Its last four characters; the rest is told to nobody' });

export const StripeAccountChangeSchema = Type.Object({
  version: Type.Integer({
    minimum: 0,
    description: 'The version that was looked at; 0 to connect the first',
  }),
  publishable_key: PublishableKey,
  secret_key: Absent(
    Type.String({
      pattern: String.raw`^[rs]k_(live|test)_\w+$`,
      maxLength: KEY_LENGTH_MAX,
      description: 'A secret or restricted key, which is tried at once. Absent: it stays as it is',
    }),
  ),
  webhook_secret: Absent(
    Type.String({
      pattern: String.raw`^whsec_[\w+/=-]+$`,
      maxLength: KEY_LENGTH_MAX,
      description:
        'What Stripe signs its messages to webhook_url with. Absent: it stays as it is, unless the account is another',
    }),
  ),
  active: Type.Optional(
    Type.Boolean({
      description: 'Whether customers can pay with it; what was begun is finished either way. At first: true',
    }),
  ),
});
export type StripeAccountChange = Static<typeof StripeAccountChangeSchema>;

export const StripeAccountSchema = Type.Object({
  version: Type.Integer(),
  active: Type.Boolean(),
  usable: Type.Boolean({
    description: 'false when the keys were sealed with another APP_SECRET: they must be given again',
  }),
  account_id: Type.String({ examples: ['acct_1032D82eZvKYlo2C'] }),
  livemode: Type.Boolean({ description: 'false when no money moves' }),
  publishable_key: PublishableKey,
  secret_key_last4: Last4,
  webhook_secret_last4: Nullable(Last4),
  webhook_url: Type.String({
    description:
      'Where Stripe is to send payment_intent.succeeded, payment_intent.canceled and charge.refunded',
  }),
  connected_at: Type.String({ format: 'date-time' }),
});
export type StripeAccountView = Static<typeof StripeAccountSchema>;
