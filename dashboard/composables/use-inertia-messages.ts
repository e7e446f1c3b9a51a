import { router } from '@inertiajs/vue3';
import { onScopeDispose } from 'vue';
import { say } from './use-messages.ts';

interface ProblemLike {
  readonly title?: string;
  readonly detail?: string;
}

/** Shows what arrives besides pages: a word across a redirect, an answer that is no page, a network that is away. */
export function useInertiaMessages(): void {
  const listeners = [
    router.on('flash', ({ detail: { flash } }) => {
      if (typeof flash['message'] === 'string') say({ title: flash['message'] });
    }),
    router.on('httpException', ({ detail: { response } }) => {
      if ('x-inertia' in response.headers) return true;
      const problem = problemIn(response.data);
      say({
        title: problem.title ?? 'That did not work',
        text: problem.detail ?? `The server answered ${response.status}.`,
      });
      return false;
    }),
    router.on('networkError', () => {
      say({ title: 'No connection', text: 'The server could not be reached. Nothing was changed.' });
      return false;
    }),
  ];
  onScopeDispose(() => listeners.forEach((stop) => stop()));
}

function problemIn(data: unknown): ProblemLike {
  if (typeof data === 'object' && data !== null) return data;
  try {
    return JSON.parse(String(data)) as ProblemLike;
  } catch {
    return {};
  }
}
