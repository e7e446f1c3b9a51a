import { router } from '@inertiajs/vue3';
import { defineShortcuts } from '@nuxt/ui/composables';
import { SECTIONS } from '../components/layout/pages.ts';
import { useOverlays } from './use-overlays.ts';
import { useTheme } from './use-theme.ts';

/** The shortcuts of every page; the help lists them. */
export const GLOBAL_KEYS = [
  { keys: ['meta', 'K'], does: 'Find an order, a store, a page' },
  { keys: ['?'], does: 'Show these shortcuts' },
  { keys: ['D'], does: 'Dark or light' },
  ...SECTIONS.map(({ label, key }) => ({ keys: ['G', key.toUpperCase()], does: `Go to ${label}` })),
] as const;

export function useShortcuts(): void {
  const { isPaletteOpen, areShortcutsOpen } = useOverlays();
  const theme = useTheme();
  defineShortcuts({
    meta_k: { usingInput: true, handler: () => (isPaletteOpen.value = !isPaletteOpen.value) },
    '?': () => (areShortcutsOpen.value = true),
    d: theme.toggle,
    ...Object.fromEntries(SECTIONS.map(({ key, to }) => [`g-${key}`, () => router.visit(to)])),
  });
}
