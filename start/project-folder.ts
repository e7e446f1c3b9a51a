import { join } from 'node:path';

/** The root of the checkout. */
export const PROJECT_FOLDER = join(import.meta.dirname, '..');
