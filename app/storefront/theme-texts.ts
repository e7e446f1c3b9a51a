import { readFileSync } from 'node:fs';
import { fillPhrase } from '#core/values/format.ts';
import type { Phrase } from '#core/values/format.ts';

/** The words of a theme: phrases by name, in groups. */
export interface TextTree {
  readonly [name: string]: Phrase | TextTree;
}

type Branch = Phrase | TextTree | undefined;

const FALLBACK_LANGUAGE = 'en';

/** Reads the words of a theme for a locale: `en` first, then the language, then the region, each theme folder over the one it builds on. */
export function themeTexts(folders: readonly string[], locale: string): TextTree {
  const [language = FALLBACK_LANGUAGE] = locale.split('-');
  const names = [...new Set([FALLBACK_LANGUAGE, language, locale])];
  const files = names.flatMap((name) =>
    folders.toReversed().map((folder) => `${folder}/locales/${name}.json`),
  );
  return files.map(readTexts).reduce(mergeTexts, {});
}

/** The phrase or group behind a dotted name. Throws for a name that no locale file has. */
export function textAt(texts: TextTree, name: string): Phrase | TextTree {
  let found: Branch = texts;
  for (const part of name.split('.')) found = branchOf(found, part);
  if (found === undefined)
    throw new Error(`theme texts: expected "${name}" in locales/en.json, found nothing`);
  return found;
}

/** The filled phrase behind a dotted name. */
export function text(
  texts: TextTree,
  name: string,
  { values, locale }: { values: Readonly<Record<string, string | number>>; locale: string },
): string {
  return fillPhrase(textAt(texts, name) as Phrase, values, locale);
}

function branchOf(tree: Branch, name: string): Branch {
  return isTree(tree) ? tree[name] : undefined;
}

function readTexts(file: string): TextTree {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TextTree;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new Error(`${file}: expected JSON`, { cause: error });
  }
}

function mergeTexts(under: TextTree, over: TextTree): TextTree {
  const merged: Record<string, Phrase | TextTree> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const before = merged[name];
    merged[name] = isTree(before) && isTree(value) ? mergeTexts(before, value) : value;
  }
  return merged;
}

function isTree(value: Branch): value is TextTree {
  return typeof value === 'object' && !('other' in value);
}
