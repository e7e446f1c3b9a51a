import { createSharedComposable, useEventListener, useLocalStorage } from '@vueuse/core';
import { ref } from 'vue';

/** Two tones, low and high, that carry over an espresso machine. */
const TONES_HZ = [659.25, 880];
const TONE_S = 0.18;
const FADE_S = 0.02;
const VOLUME = 0.35;
/** A rush of orders rings once. */
const RING_PAUSE_MS = 1_500;

/**
 * The sound of a new order, made on the spot. Browsers keep pages silent until someone touches them: `isBlocked` tells, and any touch
 * ends it.
 */
export const useSound = createSharedComposable(() => {
  const isMuted = useLocalStorage('storeflow.muted', false);
  const context = new AudioContext();
  const isBlocked = ref(context.state === 'suspended');
  let lastRing = -Infinity;

  const unblock = async () => {
    await context.resume();
    isBlocked.value = context.state !== 'running';
  };
  useEventListener(window, ['pointerdown', 'keydown'], () => isBlocked.value && void unblock());

  const ring = () => {
    if (isMuted.value || isBlocked.value || Date.now() - lastRing < RING_PAUSE_MS) return;
    lastRing = Date.now();
    for (const [index, frequency] of TONES_HZ.entries()) playTone(context, frequency, index * TONE_S);
  };

  const toggle = () => {
    isMuted.value = !isMuted.value;
    ring();
  };

  return { isMuted, isBlocked, ring, toggle, unblock };
});

function playTone(context: AudioContext, frequency: number, delayS: number): void {
  const start = context.currentTime + delayS;
  const oscillator = new OscillatorNode(context, { type: 'triangle', frequency });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.linearRampToValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(VOLUME, start + FADE_S);
  gain.gain.linearRampToValueAtTime(0, start + TONE_S);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + TONE_S);
}
