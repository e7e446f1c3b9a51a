import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The addresses of what a page needs in its head. */
export interface PageAssets {
  /** A classic script that runs before anything is painted. */
  readonly before: string;
  readonly script: string;
  readonly preloads: readonly string[];
  readonly styles: readonly string[];
}

export interface Assets {
  /** Changes with every build that changes a file. */
  readonly version: string;
  /** What a page component needs. Throws when the build does not know it. */
  readonly of: (component: string) => PageAssets;
}

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

type Manifest = Readonly<Record<string, Chunk>>;

const ENTRY = 'main.ts';
const BEFORE_PAINT = 'theme.ts';
const VERSION_LENGTH = 16;

/**
 * Reads the manifest of a Vite build with the entries `main.ts` and `theme.ts` and a page per file under `pages/`.
 * `base` is the address of the build's folder, with a slash at its end. Throws when the file is missing: the build has not run.
 */
export function readAssets(manifestPath: string, base: string): Assets {
  const text = readManifest(manifestPath);
  const manifest = JSON.parse(text) as Manifest;
  const known = new Map<string, PageAssets>();
  return {
    version: createHash('sha256').update(text).digest('hex').slice(0, VERSION_LENGTH),
    of: (component) => {
      const assets = known.get(component) ?? assetsOf(manifest, component, base);
      known.set(component, assets);
      return assets;
    },
  };
}

function readManifest(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(
      `expected the dashboard's build at ${path}, received nothing; build the dashboard first`,
      { cause },
    );
  }
}

function assetsOf(manifest: Manifest, component: string, base: string): PageAssets {
  const chunks = withImports(manifest, [ENTRY, `pages/${component}.vue`]);
  const [script, ...preloads] = [...chunks].map((key) => chunkOf(manifest, key).file);
  const styles = new Set([...chunks].flatMap((key) => chunkOf(manifest, key).css ?? []));
  const address = (file: string) => base + file;
  return {
    before: address(chunkOf(manifest, BEFORE_PAINT).file),
    script: address(script ?? ''),
    preloads: preloads.map(address),
    styles: [...styles].map(address),
  };
}

/** The chunks themselves and all that they import, in the order in which they are met. */
function withImports(
  manifest: Manifest,
  keys: readonly string[],
  met = new Set<string>(),
): ReadonlySet<string> {
  for (const key of keys.filter((each) => !met.has(each))) {
    met.add(key);
    withImports(manifest, chunkOf(manifest, key).imports ?? [], met);
  }
  return met;
}

function chunkOf(manifest: Manifest, key: string): Chunk {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`expected ${key} in the dashboard's build, received a build without it`);
  return chunk;
}
