import { createSharedComposable, useLocalStorage, useMediaQuery } from '@vueuse/core';
import { computed, ref } from 'vue';

/** From here on there is room for the board's four columns and a wide sidebar. */
const ROOMY = '(min-width: 1640px)';

/** The sidebar: narrow or wide on large screens, a drawer on small ones. */
export const useNavigation = createSharedComposable(() => {
  const chosen = useLocalStorage<'auto' | 'narrow' | 'wide'>('storeflow.sidebar', 'auto');
  const isRoomy = useMediaQuery(ROOMY);
  const isNarrow = computed(() => (chosen.value === 'auto' ? !isRoomy.value : chosen.value === 'narrow'));
  return {
    isNarrow,
    isMenuOpen: ref(false),
    toggleWidth: () => {
      chosen.value = isNarrow.value ? 'wide' : 'narrow';
    },
  };
});
