import { useIntervalFn } from '@vueuse/core';
import { computed, ref } from 'vue';

const SECOND_MS = 1_000;
const MINUTE_S = 60;

/** Counts seconds down; `onEnd` is called at zero. */
export function useCountdown(onEnd: () => void) {
  const left = ref(0);
  const { pause, resume } = useIntervalFn(tick, SECOND_MS, { immediate: false });

  function start(seconds: number): void {
    left.value = Math.max(0, Math.ceil(seconds));
    if (left.value > 0) resume();
  }

  function tick(): void {
    left.value--;
    if (left.value > 0) return;
    pause();
    onEnd();
  }

  return { start, isRunning: computed(() => left.value > 0), text: computed(() => durationText(left.value)) };
}

function durationText(seconds: number): string {
  if (seconds < MINUTE_S) return `${seconds} s`;
  return `${Math.floor(seconds / MINUTE_S)} min ${String(seconds % MINUTE_S).padStart(2, '0')} s`;
}
