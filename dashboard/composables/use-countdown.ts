import { useIntervalFn } from '@vueuse/core';
import { computed, ref, watch } from 'vue';

const SECOND_MS = 1_000;
const MINUTE_S = 60;

/** Counts down the seconds that `from` says, anew whenever that changes; `onEnd` is called at zero. */
export function useCountdown(from: () => number, onEnd?: () => void) {
  const left = ref(0);
  const { pause, resume } = useIntervalFn(tick, SECOND_MS, { immediate: false });

  function tick(): void {
    left.value--;
    if (left.value > 0) return;
    pause();
    onEnd?.();
  }

  watch(
    from,
    (seconds) => {
      left.value = Math.ceil(seconds);
      if (left.value > 0) resume();
    },
    { immediate: true },
  );

  return { isRunning: computed(() => left.value > 0), text: computed(() => durationText(left.value)) };
}

function durationText(seconds: number): string {
  if (seconds < MINUTE_S) return `${seconds} s`;
  return `${Math.floor(seconds / MINUTE_S)} min ${String(seconds % MINUTE_S).padStart(2, '0')} s`;
}
