import { readFileSync } from 'node:fs';

/** Where the built files of the storefront are served from. */
export const STOREFRONT_ASSETS_PREFIX = '/assets/storefront/';

/** Finds the built file, with the hash of its content in its name, behind the name that a theme uses. */
export interface StorefrontAssets {
  /** Of a theme's style sheet (`theme.css`), or of a file in `storefront/assets`. */
  urlOf(name: string, theme: string): string;
  /** Of an island, with the modules it needs, to be fetched alongside. */
  scriptOf(island: string): { readonly src: string; readonly imports: readonly string[] };
}

interface ManifestEntry {
  readonly file: string;
  readonly imports?: readonly string[];
}

type Manifest = Readonly<Record<string, ManifestEntry>>;

/** Reads the manifest that `npm run build` left in the folder. */
export function loadStorefrontAssets(folder: string): StorefrontAssets {
  return storefrontAssets(readManifest(`${folder}/.vite/manifest.json`));
}

/** The assets of a manifest. Names that were not built throw when a page asks for them. */
export function storefrontAssets(manifest: Manifest): StorefrontAssets {
  return {
    urlOf: (name, theme) =>
      urlOf(entryOf(manifest, [`storefront/themes/${theme}/assets/${name}`, `storefront/assets/${name}`])),
    scriptOf: (island) => {
      const entry = entryOf(manifest, [`storefront/islands/${island}.ts`]);
      return { src: urlOf(entry), imports: importsOf(manifest, entry).map(urlOf) };
    },
  };
}

function readManifest(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch (error) {
    throw new Error(`${file}: expected the manifest of a build; run npm run build`, {
      cause: error,
    });
  }
}

function entryOf(manifest: Manifest, names: readonly string[]): ManifestEntry {
  const entry = names.map((name) => manifest[name]).find((found) => found !== undefined);
  if (!entry)
    throw new Error(`storefront assets: expected ${names.join(' or ')} in the build, found neither`);
  return entry;
}

function importsOf(
  manifest: Manifest,
  entry: ManifestEntry,
  seen = new Set<ManifestEntry>(),
): ManifestEntry[] {
  for (const name of entry.imports ?? []) {
    const imported = manifest[name];
    if (!imported || seen.has(imported)) continue;
    seen.add(imported);
    importsOf(manifest, imported, seen);
  }
  return [...seen];
}

function urlOf({ file }: ManifestEntry): string {
  return `${STOREFRONT_ASSETS_PREFIX}${file}`;
}
