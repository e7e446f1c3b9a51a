import type { DomainError } from '#core/values/domain-error.ts';
import { refusal } from '../errors.ts';
import type { Objection } from './promotion-terms.ts';

const OBJECTIONS: Readonly<Record<Objection, string>> = {
  PROMOTION_CODE_INVALID: 'is not a code of this store',
  PROMOTION_CODE_EXPIRED: 'has expired',
  PROMOTION_CODE_LIMIT_REACHED: 'has been used as often as it may be',
  PROMOTION_CODE_SIGN_IN_REQUIRED: 'is for customers who are signed in',
  PROMOTION_CODE_NOT_FOR_PICKUP: 'is for orders that ship',
  PROMOTION_CODE_MINIMUM_NOT_MET: 'is for larger orders',
};

/** The refusal of a promotion code. */
export function codeRefused(code: Objection, evidence: Readonly<Record<string, unknown>> = {}): DomainError {
  const objection = OBJECTIONS[code];
  return refusal(code, `The promotion code ${objection}.`, {
    ...evidence,
    errors: { promotion_code: [objection] },
  });
}
