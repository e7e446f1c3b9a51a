import { nextTick } from 'vue';

/** Leads the person to the first field that needs a change. */
export async function focusFirstError(): Promise<void> {
  await nextTick();
  document.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
}
