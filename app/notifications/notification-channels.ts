import { opaqueId, type MerchantId } from '#core/values/ids.ts';

/** The channel that a merchant's staff listen to for what needs their eyes. */
export function merchantNotificationsChannel(merchantId: MerchantId): string {
  return `merchant.${opaqueId('me', merchantId)}.notifications`;
}
