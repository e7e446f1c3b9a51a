import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { releaseSlot } from '../opening/store-slots.ts';
import type { PaymentRow } from './payment-queries.ts';

/** Gives back the place that the order would have had in its quarter of an hour, if it was to have one. */
export async function releaseTime(tx: TenantTx<StoreTenant>, { document }: PaymentRow): Promise<void> {
  const { slot } = document as { readonly slot?: { readonly at: string } | null };
  if (slot) await releaseSlot(tx, new Date(slot.at));
}
