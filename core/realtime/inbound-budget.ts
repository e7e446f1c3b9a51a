import type { RealtimeLimits } from './limits.ts';

/**
 * A budget of messages, kept as one moment. Each message moves it on by its share of the window; left alone it stays one window behind the
 * present. Answers where it is after one more message: beyond `now` the budget is exceeded.
 */
export function spend(spentUntil: number, now: number, limits: RealtimeLimits): number {
  const { inboundMessagesMax, inboundWindowMs } = limits;
  return Math.max(spentUntil, now - inboundWindowMs) + inboundWindowMs / inboundMessagesMax;
}
