import type { DomainError } from '#core/values/domain-error.ts';
import { addCents, cents, type Cents } from '#core/values/money.ts';
import type { Member } from '../customers/lock-customer.ts';
import { refusal, type ErrorCode } from '../errors.ts';
import { codeRefused } from '../promotions/code-refused.ts';
import { objectionTo, type Promotion } from '../promotions/promotion-terms.ts';
import type { TaxPlace } from '../taxes/tax-rules.ts';
import type { CheckoutRules } from './checkout-rules.ts';
import type { PricedLine } from './price-cart.ts';
import type { ChosenShipping } from './quote-cart.ts';
import { sumCart, type CartSum } from './sum-cart.ts';

/** What the customer asks for besides goods. */
export interface Asked {
  readonly promotionCode: string | null;
  readonly redeemPoints: boolean;
  readonly isPickup: boolean;
  /** Where the goods go, normalised; null when they are picked up or nobody knows yet. */
  readonly destination: TaxPlace | null;
  /** Null for a guest. */
  readonly member: Member | null;
  readonly now: Date;
}

/** A cart with all that makes up its price. */
export interface TotalledCart {
  readonly lines: readonly PricedLine[];
  readonly shipping: ChosenShipping | null;
  readonly sum: CartSum;
  readonly promotion: Promotion | null;
  readonly pointsSpent: number;
  readonly pricesIncludeTax: boolean;
}

interface Cart {
  readonly lines: readonly PricedLine[];
  readonly shipping: ChosenShipping | null;
}

/** Totals a priced cart by the store's rules. Refuses a code or points that cannot be used. */
export function totalCart({ lines, shipping }: Cart, rules: CheckoutRules, asked: Asked): TotalledCart {
  const promotion = promotionFor(addCents(...lines.map(({ totalCents }) => totalCents)), rules, asked);
  const programme = asked.redeemPoints ? programmeFor(rules, asked) : null;
  const sum = sumCart({
    lines: lines.map(({ totalCents, variant }) => ({
      totalCents,
      taxClass: variant.taxClass,
      key: variant.variantId,
    })),
    shippingCents: shipping?.priceCents ?? cents(0),
    benefit: promotion?.benefit ?? null,
    reward: programme?.reward ?? null,
    rates: rules.rates,
    place: asked.destination ?? rules.place,
    pricesIncludeTax: rules.pricesIncludeTax,
  });
  if (programme && sum.rewardCents === 0)
    throw pointsRefused('LOYALTY_REWARD_NOT_NEEDED', 'Nothing is left to pay that points could lower.');
  return {
    lines,
    shipping,
    sum,
    promotion,
    pointsSpent: programme?.threshold ?? 0,
    pricesIncludeTax: rules.pricesIncludeTax,
  };
}

function promotionFor(itemsCents: Cents, rules: CheckoutRules, asked: Asked): Promotion | null {
  const { promotionCode, isPickup, member, now } = asked;
  if (promotionCode === null) return null;
  const { promotion } = rules;
  if (!promotion) throw codeRefused('PROMOTION_CODE_INVALID');
  const objection = objectionTo(promotion, { now, itemsCents, isPickup, isSignedIn: member !== null });
  if (!objection) return promotion;
  const { minimumCents } = promotion;
  throw codeRefused(
    objection,
    objection === 'PROMOTION_CODE_MINIMUM_NOT_MET' ? { minimum_cents: minimumCents } : {},
  );
}

function programmeFor({ programme }: CheckoutRules, { member }: Asked) {
  if (!programme?.active)
    throw pointsRefused('LOYALTY_NOT_OFFERED', 'This merchant gives no rewards at the moment.');
  if (!member) throw pointsRefused('LOYALTY_SIGN_IN_REQUIRED', 'Points belong to whoever is signed in.');
  const { threshold } = programme;
  if (member.points >= threshold) return programme;
  const [points, message] = [
    member.points,
    `A reward takes ${threshold} points; there are ${member.points}.`,
  ];
  throw pointsRefused('LOYALTY_POINTS_TOO_FEW', message, { points, threshold });
}

function pointsRefused(
  code: ErrorCode,
  message: string,
  evidence: Readonly<Record<string, unknown>> = {},
): DomainError {
  return refusal(code, message, { ...evidence, errors: { redeem_points: [message] } });
}
