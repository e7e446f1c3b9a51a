import { router, usePage } from '@inertiajs/vue3';
import { computed, type ComputedRef } from 'vue';

const PARAMETER = 'wall';

/** Whether this screen hangs on the wall (`?wall=1`, which theme.ts reads, too): dark, large, nothing but orders. */
export function useWall(): ComputedRef<boolean> {
  const page = usePage();
  return computed(() => new URLSearchParams(page.url.split('?')[1]).get(PARAMETER) === '1');
}

/** Shows this page as a wall screen or as an ordinary one, with the filter that it has. */
export function showWall(isWall: boolean): void {
  const address = new URL(location.href);
  if (isWall) address.searchParams.set(PARAMETER, '1');
  else address.searchParams.delete(PARAMETER);
  router.visit(address);
}
