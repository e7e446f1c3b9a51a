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
  changeSession('/dashboard/store', { store_id: id });
}

export function signOut(): void {
  changeSession('/logout', {});
}

/** Settles once the session is not about to end or to become another store's: until then nothing new is to be asked with it. */
export function sessionSettled(): Promise<void> {
  return settled;
}

let settled = Promise.resolve();

function changeSession(path: string, data: { store_id?: string }): void {
  const { promise, resolve } = Promise.withResolvers<void>();
  settled = promise;
  router.post(path, data, { onError: showRefusal, onFinish: () => resolve() });
}

/** There is no form beside which it could be shown. */
function showRefusal(errors: Readonly<Record<string, string>>): void {
  say({ title: 'That did not work', text: Object.values(errors).join(' ') });
}
