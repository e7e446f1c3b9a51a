import { router, usePage } from '@inertiajs/vue3';
import { computed, type ComputedRef } from 'vue';
import type { SharedProps, StoreChoice } from '../page-props.ts';

/** What the server gives every page. */
export function useSharedProps(): ComputedRef<SharedProps> {
  const page = usePage<SharedProps & Record<string, unknown>>();
  return computed(() => page.props);
}

export function enterStore({ id }: StoreChoice): void {
  router.post('/dashboard/store', { store_id: id });
}

export function signOut(): void {
  router.post('/logout');
}
