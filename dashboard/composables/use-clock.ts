import { createSharedComposable, useTimestamp } from '@vueuse/core';

/** How often ages on the screen are looked at again. */
const TICK_MS = 5_000;

/** The present moment in milliseconds, one for the whole screen. */
export const useClock = createSharedComposable(() => useTimestamp({ interval: TICK_MS }));
