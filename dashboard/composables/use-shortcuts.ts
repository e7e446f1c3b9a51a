import { router } from '@inertiajs/vue3';
import type { StaffAbility } from '#app/staff/abilities.ts';
import { defineShortcuts } from '@nuxt/ui/composables';
import { sectionsFor } from '../components/layout/pages.ts';
import { useOverlays } from './use-overlays.ts';
import { useSharedProps } from './use-shared-props.ts';
import { useTheme } from './use-theme.ts';

/** The shortcuts of every page; the help lists them. */
export const GLOBAL_KEYS = [
  { keys: ['meta', 'K'], does: 'Find an order, a store, a page' },
  { keys: ['?'], does: 'Show these shortcuts' },
  { keys: ['D'], does: 'Dark or light' },
] as const;

/** The shortcuts of the sections that may be entered with these abilities. */
export function sectionKeys(abilities: readonly StaffAbility[]) {
  return sectionsFor(abilities).map(({ label, key }) => ({
    keys: ['G', key.toUpperCase()],
    does: `Go to ${label}`,
  }));
}

export function useShortcuts(): void {
  const { isPaletteOpen, areShortcutsOpen } = useOverlays();
  const theme = useTheme();
  const shared = useSharedProps();
  const goTo = Object.fromEntries(
    sectionsFor(shared.value.abilities).map(({ key, to }) => [`g-${key}`, () => router.visit(to)]),
  );
  defineShortcuts({
    meta_k: { usingInput: true, handler: () => (isPaletteOpen.value = !isPaletteOpen.value) },
    '?': () => (areShortcutsOpen.value = true),
    d: theme.toggle,
    ...goTo,
  });
}
