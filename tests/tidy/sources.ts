import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A file of the project as the rules see it. */
export interface Source {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** A path from the project's root, or the name of a package. */
  readonly from: string;
  /** What is taken by name, without its alias; empty for the whole module. */
  readonly names: readonly string[];
  readonly typeOnly: boolean;
}

const FOLDERS = 'app core client start database dashboard storefront bin bench drills tests docs'.split(' ');
const DOCUMENTS_AT_THE_ROOT = ['README.md', 'CHANGELOG.md'];
const KINDS = /\.(ts|vue|js|md|sql|png)$/;
/** There for others to refer to; nothing is read in them. */
const PICTURES = /\.png$/;
const LEFT_OUT = /(^|\/)(auto-imports|components)\.d\.ts$/;

/** Every source, test, document and picture of the project. */
export function readSources(root: string): Source[] {
  return [...DOCUMENTS_AT_THE_ROOT, ...FOLDERS.flatMap((folder) => filesIn(root, folder))]
    .filter((path) => KINDS.test(path) && !LEFT_OUT.test(path))
    .map((path) => source(path, PICTURES.test(path) ? '' : readFileSync(join(root, path), 'utf8')));
}

/** A file from its text. */
export function source(path: string, text: string): Source {
  const code = withoutComments(text);
  return { path, text, code, imports: importsOf(path, code) };
}

function filesIn(root: string, folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  } catch {
    return [];
  }
}

/** Good enough for our own files: a comment begins a line or follows a space. */
function withoutComments(text: string): string {
  return text.replaceAll(/(^|\s)\/\*[\s\S]*?\*\//g, '$1').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

const STATIC = /^\s*(?:import|export)\s+(type\s+)?(?:([^'"`;]*?)\s+from\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]/g;

function importsOf(path: string, code: string): Import[] {
  const fixed = [...code.matchAll(STATIC)].map(([, type, clause = '', from = '']) => {
    const named = (/\{([^}]*)\}/.exec(clause)?.[1] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    return {
      from: resolved(path, from),
      names: named.map((name) => name.replace(/^type\s+/, '').replace(/\s+as\s.*$/, '')),
      typeOnly:
        Boolean(type) ||
        (named.length > 0 &&
          clause.trim().startsWith('{') &&
          named.every((name) => name.startsWith('type '))),
    };
  });
  const dynamic = [...code.matchAll(DYNAMIC)].map(([, from = '']) => ({
    from: resolved(path, from),
    names: [],
    typeOnly: false,
  }));
  return [...fixed, ...dynamic];
}

function resolved(path: string, from: string): string {
  if (from.startsWith('#')) return from.slice(1);
  return from.startsWith('.') ? normalize(join(dirname(path), from)) : from;
}
