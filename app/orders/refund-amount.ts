import { refusal } from '../errors.ts';
import type { RefundRequest } from './refund-view.ts';

/** An order line as far as a refund is concerned. */
export interface RefundableLine {
  readonly position: number;
  readonly quantity: number;
  /** What was paid for all its pieces, discounts and taxes included. */
  readonly paid_cents: number;
  readonly refunded_quantity: number;
}

export interface Refundable {
  readonly lines: readonly RefundableLine[];
  /** What was paid and has neither been given back nor promised back. */
  readonly leftCents: number;
}

/** How much a refund gives back. Refuses lines that the order does not have, more than is left of what was paid, and nothing. */
export function refundAmount(request: RefundRequest, { lines, leftCents }: Refundable): number {
  const shares = (request.lines ?? []).map((wanted, at) => shareOf(wanted, at, lines));
  refuseTwice(request);
  const ofLines = shares.reduce((sum, share) => sum + share, 0);
  const amount = request.amount_cents ?? (request.lines ? ofLines : leftCents);
  if (amount === 0)
    throw refusal('NOTHING_TO_REFUND', `Expected something that was paid for; ${nothing(request)}.`, {
      left_cents: leftCents,
    });
  if (amount <= leftCents) return amount;
  const expected =
    leftCents > 0 ? `Expected 1 to ${leftCents} cents` : 'Expected none, all that was paid went back';
  throw refusal('REFUND_TOO_LARGE', `${expected}, received ${amount}.`, { left_cents: leftCents });
}

type WantedLine = NonNullable<RefundRequest['lines']>[number];

/** Counted from the line's first piece, so that all pieces one by one give exactly what the line cost. */
function shareOf({ position, quantity }: WantedLine, at: number, lines: readonly RefundableLine[]): number {
  const line = lines.find((candidate) => candidate.position === position);
  if (!line) throw invalid(`lines.${at}.position`, 'is not a line of this order');
  const left = line.quantity - line.refunded_quantity;
  if (quantity > left)
    throw invalid(`lines.${at}.quantity`, `must be at most ${left}: the rest went back before`);
  const upTo = (pieces: number) => Math.floor((line.paid_cents * pieces) / line.quantity);
  return upTo(line.refunded_quantity + quantity) - upTo(line.refunded_quantity);
}

function nothing({ lines }: RefundRequest): string {
  return lines ? 'these lines cost nothing' : 'nothing of it is left';
}

function refuseTwice({ lines }: RefundRequest): void {
  const positions = (lines ?? []).map(({ position }) => position);
  if (new Set(positions).size < positions.length) throw invalid('lines', 'name one line twice');
}

function invalid(field: string, message: string) {
  return refusal('VALIDATION_FAILED', `The refund needs a change: ${field} ${message}.`, {
    errors: { [field]: [message] },
  });
}
