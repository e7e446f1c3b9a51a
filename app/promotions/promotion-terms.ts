import type { Cents } from '#core/values/money.ts';
import type { PromotionId } from '#core/values/ids.ts';
import type { Benefit } from './benefit.ts';

/** A code of the store, as checkout reads it. */
export interface Promotion {
  readonly id: PromotionId;
  readonly code: string;
  readonly benefit: Benefit;
  /** Of the goods at their sale prices, before discounts. */
  readonly minimumCents: Cents;
  readonly startsAt: Date | null;
  /** The first moment at which it is over. */
  readonly endsAt: Date | null;
  readonly usesMax: number | null;
  readonly usesPerCustomerMax: number | null;
  readonly uses: number;
  /** By the customer who is signed in; 0 for a guest. */
  readonly usesOfCustomer: number;
  readonly active: boolean;
}

export interface Redemption {
  readonly now: Date;
  readonly itemsCents: Cents;
  readonly isPickup: boolean;
  readonly isSignedIn: boolean;
}

export type Objection =
  | 'PROMOTION_CODE_INVALID'
  | 'PROMOTION_CODE_EXPIRED'
  | 'PROMOTION_CODE_LIMIT_REACHED'
  | 'PROMOTION_CODE_SIGN_IN_REQUIRED'
  | 'PROMOTION_CODE_NOT_FOR_PICKUP'
  | 'PROMOTION_CODE_MINIMUM_NOT_MET';

/** A code as it is kept and compared: people type it in any case and width, and paste it with spaces and dashes of all kinds. */
export function normaliseCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .replaceAll(/[\s\p{Format}]/gu, '')
    .replaceAll(/\p{Dash_Punctuation}/gu, '-')
    .toUpperCase();
}

/**
 * Why a code cannot be used, or null. One that has not begun is as if it did not exist. Limits per customer are for those who are signed in:
 * a guest gives an e-mail address that may be another's, and would learn from the answer what that person has bought.
 */
export function objectionTo(promotion: Promotion, redemption: Redemption): Objection | null {
  const { active, startsAt, endsAt, uses, usesMax, usesOfCustomer, usesPerCustomerMax } = promotion;
  const { now, itemsCents, isPickup, isSignedIn } = redemption;
  if (!active || (startsAt && now < startsAt)) return 'PROMOTION_CODE_INVALID';
  if (endsAt && now >= endsAt) return 'PROMOTION_CODE_EXPIRED';
  if (usesMax !== null && uses >= usesMax) return 'PROMOTION_CODE_LIMIT_REACHED';
  if (usesPerCustomerMax !== null && !isSignedIn) return 'PROMOTION_CODE_SIGN_IN_REQUIRED';
  if (usesPerCustomerMax !== null && usesOfCustomer >= usesPerCustomerMax)
    return 'PROMOTION_CODE_LIMIT_REACHED';
  if (promotion.benefit.kind === 'free_shipping' && isPickup) return 'PROMOTION_CODE_NOT_FOR_PICKUP';
  if (itemsCents < promotion.minimumCents) return 'PROMOTION_CODE_MINIMUM_NOT_MET';
  return null;
}
