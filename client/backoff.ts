/** Upper bound of the first delay; it doubles with each attempt. */
const DELAY_FIRST_MAX_MS = 500;
const DELAY_MAX_MS = 20_000;

/**
 * How long to wait before attempt `attempt` (0 is the first after a loss), in milliseconds: anything up to the bound, evenly spread ("full
 * jitter"), so that ten thousand clients of a killed server do not come back in one moment. `random` answers numbers in [0, 1).
 */
export function backoffDelay(attempt: number, random: () => number): number {
  return random() * Math.min(DELAY_MAX_MS, DELAY_FIRST_MAX_MS * 2 ** attempt);
}
