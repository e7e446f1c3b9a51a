import type { Source } from './sources.ts';

/** A rule reads all sources and answers a sentence for each thing that is wrong, and what to move where. */
export type Rule = (sources: readonly Source[]) => string[];

/** A domain may look at those before it. `errors.ts` and `route.ts` of `app` are shared. */
const DOMAINS = `
  merchants staff opening stores
  catalog stock products categories imports customers shipping taxes promotions payments loyalty
  orders board refunds cart checkout accounts storefront
  notifications audit insights webhooks plugins`.split(/\s+/);

/** Files that decide and calculate, and neither read nor write: the same on the server and in the browser. */
const PURE =
  /^app\/[^/]+\/(order|abilities|postcode|sale|shipping-rules|shipping-lookup|quote-shipping|tax-rules|benefit|promotion-terms|loyalty-rules|sum-cart)\.ts$/;

/** What a screen knows of the shop: shapes. */
const SHAPES = /^app\/[^/]+\/[^/]+-(view|schemas)\.ts$/;

const SCREENS = /^(dashboard|storefront|client)\//;

/** Where a program or a build begins; what it does not reach is never run. */
const ENTRIES = /^(bin|start\/command-line\.ts$|dashboard|storefront|tests|bench|drills)/;

const REACHABLE = /^(app|core|client|start|database)\/.*\.ts$/;

export const importRules = {
  'core knows nothing of the shop': (sources) =>
    importing(sources, /^core\//, /^(app|start|database|dashboard|storefront)\//).map(
      ({ path, from }) =>
        `${path} imports ${from}: pass what it needs as an argument, or move the general part of it to core`,
    ),

  'a domain looks only to its left': (sources) =>
    importing(sources, /^app\/[^/]+\//, /^app\/[^/]+\//)
      .filter(({ path, from }) => placeOf(from) > placeOf(path))
      .map(
        ({ path, from }) =>
          `${path} imports ${from}, a domain to its right: move the shared part left, or let ${domainOf(from)} react in start/reactions.ts`,
      ),

  'every folder of app is a domain with a place in the order': (sources) =>
    [...new Set(sources.filter(({ path }) => /^app\/[^/]+\//.test(path)).map(({ path }) => domainOf(path)))]
      .filter((domain) => !DOMAINS.includes(domain))
      .map(
        (domain) =>
          `app/${domain} has no place among the domains: give it one here, after all that it imports`,
      ),

  'only start puts the shop together': (sources) =>
    importing(sources, /^(app|core|client|dashboard|storefront)\//, /^start\//).map(
      ({ path, from }) => `${path} imports ${from}: start imports the others, never the other way`,
    ),

  'what is pure stays pure': (sources) =>
    importing(sources, PURE, /./)
      .filter(({ from }) => !from.startsWith('core/values/') && !PURE.test(from))
      .map(
        ({ path, from }) =>
          `${path} imports ${from}: pure files import core/values only; move the rest to the queries or the command`,
      ),

  'a command calls no other command': (sources) => {
    const commands = new Set(sources.filter(isCommand).map(({ path }) => path));
    return importing(sources, /^app\//, /^app\//)
      .filter(({ path, from, typeOnly }) => commands.has(path) && commands.has(from) && !typeOnly)
      .map(
        ({ path, from }) =>
          `${path} calls ${from}, and both record events, which a transaction does once: let ${from} answer its event`,
      );
  },

  'only core/db opens connections': (sources) =>
    importing(sources, /^(app|core|client|start|database|dashboard|storefront)\//, /^postgres$/)
      .filter(({ path, typeOnly }) => !path.startsWith('core/db/') && !typeOnly)
      .map(({ path }) => `${path} imports postgres: take a TenantTx, or asOwner of core/db/as-owner.ts`),

  'screens know shapes and pure files': (sources) =>
    importing(sources, SCREENS, /^(app|core)\//)
      .filter(
        ({ from, typeOnly }) =>
          !from.startsWith('core/values/') && !PURE.test(from) && !(SHAPES.test(from) && typeOnly),
      )
      .map(
        ({ path, from }) =>
          `${path} imports ${from}: a screen takes types of *-view.ts and *-schemas.ts, pure files and core/values`,
      ),

  'every file is reached': (sources) => {
    const reached = reachedFrom(sources);
    return sources
      .filter(({ path }) => REACHABLE.test(path) && !reached.has(path))
      .map(({ path }) => `${path} is imported by nothing that runs: use it or delete it`);
  },
} satisfies Record<string, Rule>;

interface Edge {
  readonly path: string;
  readonly from: string;
  readonly typeOnly: boolean;
}

function importing(sources: readonly Source[], importer: RegExp, imported: RegExp): Edge[] {
  return sources
    .filter(({ path }) => importer.test(path))
    .flatMap(({ path, imports }) => imports.map(({ from, typeOnly }) => ({ path, from, typeOnly })))
    .filter(({ from }) => imported.test(from));
}

function domainOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function placeOf(path: string): number {
  return DOMAINS.indexOf(domainOf(path));
}

function isCommand({ path, imports }: Source): boolean {
  return path.startsWith('app/') && imports.some(({ names }) => names.includes('record'));
}

function reachedFrom(sources: readonly Source[]): ReadonlySet<string> {
  const byPath = new Map(sources.map((each) => [each.path, each]));
  const reached = new Set<string>();
  const visit = (path: string) => {
    const found = byPath.get(path);
    if (!found || reached.has(path)) return;
    reached.add(path);
    for (const { from } of found.imports) visit(from);
  };
  for (const { path } of sources) if (ENTRIES.test(path)) visit(path);
  return reached;
}
