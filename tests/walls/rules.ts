import type { Catalogue } from './catalogue.ts';
import { rightRules } from './right-rules.ts';
import { shapeRules } from './shape-rules.ts';

/** Every rule of the walls, by its sentence. */
export const rules = { ...shapeRules, ...rightRules };

export type RuleName = keyof typeof rules;

/** Everything that is wrong with a database, a sentence each. */
export function wrongs(catalogue: Catalogue): string[] {
  return Object.values(rules).flatMap((rule) => rule(catalogue));
}
