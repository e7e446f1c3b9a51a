import { useWakeLock as useLock } from '@vueuse/core';
import { watch, type Ref } from 'vue';

/** Keeps the screen from going dark while `isWanted`, where the browser can. */
export function useWakeLock(isWanted: Readonly<Ref<boolean>>): void {
  const { isSupported, request, release } = useLock();
  if (!isSupported.value) return;
  watch(isWanted, (wanted) => (wanted ? request('screen') : release()).catch(sleepAsUsual), {
    immediate: true,
  });
}

/** A battery that runs low may refuse. */
function sleepAsUsual(): void {}
