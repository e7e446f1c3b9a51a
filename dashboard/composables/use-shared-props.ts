import { router, usePage } from '@inertiajs/vue3';
import { computed, type ComputedRef } from 'vue';
import type { SharedProps, StoreChoice } from '../page-props.ts';
import { say } from './use-messages.ts';

/** What the server gives every page. */
export function useSharedProps(): ComputedRef<SharedProps> {
  const page = usePage<SharedProps & Record<string, unknown>>();
  return computed(() => page.props);
}

export function enterStore({ id }: StoreChoice): void {
  router.post('/dashboard/store', { store_id: id }, { onError: showRefusal });
}

export function signOut(): void {
  router.post('/logout', {}, { onError: showRefusal });
}

/** There is no form beside which it could be shown. */
function showRefusal(errors: Readonly<Record<string, string>>): void {
  say({ title: 'That did not work', text: Object.values(errors).join(' ') });
}
