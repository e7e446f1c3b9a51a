import { createSharedComposable } from '@vueuse/core';
import { ref } from 'vue';

/** What may lie over any page: the command palette and the list of shortcuts. */
export const useOverlays = createSharedComposable(() => ({
  isPaletteOpen: ref(false),
  areShortcutsOpen: ref(false),
}));
