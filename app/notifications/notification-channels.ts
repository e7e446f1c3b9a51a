import { opaqueId, type MerchantId } from '#core/values/ids.ts';

/** The channel that a merchant's owners listen to for what needs somebody's eyes, at whichever store. Staff listen to that of their store. */
export function merchantNotificationsChannel(merchantId: MerchantId): string {
  return `merchant.${opaqueId('me', merchantId)}.notifications`;
}
