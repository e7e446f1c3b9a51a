import { fileURLToPath } from 'node:url';

const TEXT_MAX = 300;
const PROJECT_FOLDER = fileURLToPath(new URL('../../', import.meta.url));

/**
 * What went wrong, fit to be kept and shown: the kind of error, its code and the place in our code. Never the message, which may quote a
 * customer's data.
 */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const code =
    'code' in error && typeof error.code === 'string' && error.code !== error.name ? error.code : '';
  return [error.name, code, placeOf(error)].filter(Boolean).join(' ').slice(0, TEXT_MAX);
}

/** The innermost frame that is ours: `at handle (app/notifications/notify-sold-out.ts:14:9)`. */
function placeOf({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => /^ {4}at .*\.ts:\d+/.test(line));
  const ours = frames.find((line) => !line.includes('node_modules')) ?? '';
  return ours.trim().replace('file://', '').replace(PROJECT_FOLDER, '');
}
