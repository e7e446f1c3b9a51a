import { createSharedComposable, useLocalStorage, usePreferredDark } from '@vueuse/core';
import { computed, watchEffect } from 'vue';
import { useWall } from './use-wall.ts';

/** The key and the words are read by theme.ts, too, before the first paint. */
const STORAGE_KEY = 'storeflow.theme';

/** Light or dark: what was chosen on this device, else what the system prefers. The wall screen is always dark. */
export const useTheme = createSharedComposable(() => {
  const chosen = useLocalStorage<'auto' | 'light' | 'dark'>(STORAGE_KEY, 'auto');
  const prefersDark = usePreferredDark();
  const isWall = useWall();
  const isDark = computed(() => chosen.value === 'dark' || (chosen.value === 'auto' && prefersDark.value));

  watchEffect(() => {
    document.documentElement.classList.toggle('dark', isDark.value || isWall.value);
    document.documentElement.classList.toggle('wall', isWall.value);
  });

  return {
    isDark,
    toggle: () => {
      chosen.value = isDark.value ? 'light' : 'dark';
    },
  };
});
