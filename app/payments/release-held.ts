import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { VariantId } from '#core/values/ids.ts';
import { releaseSlot } from '../opening/store-slots.ts';
import { releasePromotion } from '../promotions/release-promotion.ts';
import { releaseHold } from './hold-payment.ts';
import type { PaymentRow } from './payment-queries.ts';

/**
 * Gives back what a payment holds for an order that will not be written: its stock, its place in a quarter of an hour, the use of its code.
 * Answers the variants that were sold out until now.
 */
export async function releaseHeld(
  tx: TenantTx<StoreTenant>,
  { id, document }: PaymentRow,
  now: Date,
): Promise<VariantId[]> {
  const { slot } = document as { readonly slot?: { readonly at: string } | null };
  const variantIds = await releaseHold(tx, id, now);
  if (slot) await releaseSlot(tx, new Date(slot.at));
  await releasePromotion(tx, { paymentId: id }, now);
  return variantIds;
}
