import { randomBytes } from 'node:crypto';
import Sqids from 'sqids';
import type { Brand } from './brand.ts';

export type MerchantId = Brand<number, 'MerchantId'>;
export type StoreId = Brand<number, 'StoreId'>;
export type StaffId = Brand<number, 'StaffId'>;
export type InvitationId = Brand<number, 'InvitationId'>;
export type ApiKeyId = Brand<number, 'ApiKeyId'>;
export type CustomerId = Brand<number, 'CustomerId'>;
export type OrderId = Brand<number, 'OrderId'>;
export type ProductId = Brand<number, 'ProductId'>;
export type VariantId = Brand<number, 'VariantId'>;
export type ChoiceId = Brand<number, 'ChoiceId'>;
export type CategoryId = Brand<number, 'CategoryId'>;
export type ImageId = Brand<number, 'ImageId'>;
export type ShippingMethodId = Brand<number, 'ShippingMethodId'>;
export type PromotionId = Brand<number, 'PromotionId'>;
export type WebhookEndpointId = Brand<number, 'WebhookEndpointId'>;
export type WebhookDeliveryId = Brand<number, 'WebhookDeliveryId'>;
export type TaxRateId = Brand<number, 'TaxRateId'>;
export type ShippingZoneId = Brand<number, 'ShippingZoneId'>;

/** Bytes of randomness in a token: 128 bits, 22 characters of base64url. */
const TOKEN_BYTES = 16;
const OPAQUE_ID_LENGTH_MIN = 8;
const CODES_KEPT_MAX = 10_000;

/** The first letters of each opaque id, so that a person can tell what an id in a log or a request names. */
export type IdKind =
  | 'me'
  | 'sf'
  | 'in'
  | 'ss'
  | 'ak'
  | 'au'
  | 'st'
  | 'pr'
  | 'va'
  | 'gr'
  | 'ch'
  | 'sm'
  | 'sz'
  | 'ca'
  | 'im'
  | 'ad'
  | 'cs'
  | 'rg'
  | 'rs'
  | 'ec'
  | 'no'
  | 'po'
  | 'we'
  | 'wd'
  | 'ta'
  | 're'
  | 'lo'
  | 'im'
  | 'sl';

const sqids = new Sqids({
  minLength: OPAQUE_ID_LENGTH_MIN,
  // The default list of words to avoid costs more than the rest of an id together.
  blocklist: new Set(),
  alphabet: 'k3G7QAe51FCsPW92uEOyq4Bg6Sp8YzVTmnU0liwDdHXLajZrfxNhobJIRcMvKt',
});

/** Longer ones are not read: they are no database's, and a text may be as long as a request. */
const CODE_LENGTH_MAX = sqids.encode([Number.MAX_SAFE_INTEGER]).length;

const known = { codes: new Map<number, string>(), ids: new Map<string, number>() };

/** A new unguessable token (128 bits, base64url, 22 characters). */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** The opaque text that stands for a database id outside the server, e.g. `va_k3JdXa0Q`. */
export function opaqueId(kind: IdKind, id: number): string {
  return `${kind}_${codeOf(id)}`;
}

/** The database id behind an opaque one, or null when the text is not one that `opaqueId` would give. */
export function idBehind<Id extends number>(kind: IdKind, text: string): Id | null {
  const [prefix, code] = text.split('_');
  if (prefix !== kind || !code || code.length > CODE_LENGTH_MAX) return null;
  const id = known.ids.get(code) ?? sqids.decode(code)[0];
  // What somebody made up may stand for a number that no database id is.
  return id !== undefined && Number.isSafeInteger(id) && opaqueId(kind, id) === text ? (id as Id) : null;
}

/** Most ids of a moment are those of the moment before, and to make a code costs more than all else of a small answer. */
function codeOf(id: number): string {
  const made = known.codes.get(id);
  if (made !== undefined) return made;
  if (known.codes.size >= CODES_KEPT_MAX) {
    known.codes.clear();
    known.ids.clear();
  }
  const code = sqids.encode([id]);
  known.codes.set(id, code);
  known.ids.set(code, id);
  return code;
}
