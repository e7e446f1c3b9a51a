import type { CommandPaletteGroup, CommandPaletteItem } from '@nuxt/ui';
import { computed, onScopeDispose, shallowReactive, type ComputedRef } from 'vue';

export type CommandGroup = CommandPaletteGroup<CommandPaletteItem>;

const sources = shallowReactive(new Set<() => readonly CommandGroup[]>());

/** All that the command palette offers at the moment; what the page offers comes before what every page does. */
export const commandGroups: ComputedRef<CommandGroup[]> = computed(() =>
  [...sources].toReversed().flatMap((source) => source()),
);

/** Offers commands in the palette for as long as the component lives. */
export function useCommands(source: () => readonly CommandGroup[]): void {
  sources.add(source);
  onScopeDispose(() => sources.delete(source));
}
