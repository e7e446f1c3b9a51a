import { dirname, join } from 'node:path';
import type { Rule } from './import-rules.ts';
import type { Source } from './sources.ts';

const LINES_MAX = 300;

const PROGRAM =
  /^(app|core|client|start|database|dashboard|storefront|bin|bench|drills|tests)\/.*\.(ts|vue|js)$/;

/** The tests of these rules quote what the rules forbid. */
const RULES_THEMSELVES = /^tests\/tidy/;

const EVENT_NAME = /'([A-Z][a-z]+(?:[A-Z][a-z]+)*(?:Created|Updated|Deleted|Changed|Moved))'/g;

/** Without what follows `#`: a place within the file. */
const RELATIVE_LINK = /\]\((?![a-z]+:|[/#])([^)\s#]+)/g;

export const textRules = {
  'what is asked before the tenant is known names directories only': (sources) =>
    programs(sources)
      .filter(({ path }) => /^(app|start)\//.test(path))
      .flatMap(({ path, code }) =>
        [...code.matchAll(/\bdirectory(?:<[^`]*>)?`([^`]*)`/g)].flatMap(([, sql = '']) =>
          [...sql.matchAll(/\b(?:(?<!epoch )FROM|JOIN|INTO|UPDATE)\s+(?!SET\b)([a-z_]+)/g)]
            .map(([, table = '']) => table)
            .filter((table) => !table.startsWith('directory_'))
            .map(
              (table) =>
                `${path} asks ${table} without a tenant: use database.tenant(…), or a directory_ table`,
            ),
        ),
      ),

  'what all merchants share is for core alone': (sources) =>
    programs(sources)
      .filter(({ path }) => /^(app|start)\//.test(path))
      .filter(
        ({ code, imports }) =>
          /\bsystem(?:<[^`]*>)?`/.test(code) || imports.some(({ names }) => names.includes('Pool')),
      )
      .map(
        ({ path }) =>
          `${path} has SQL of the system role or a bare pool: take a TenantTx, or move it to core beside what handles heads and deliveries`,
      ),

  'the tenant is set in one place': (sources) =>
    programs(sources)
      .filter(
        ({ path, code }) =>
          /^(app|core|start|database)\//.test(path) &&
          path !== 'core/db/transaction.ts' &&
          /app\.(merchant|store)_id/.test(code),
      )
      .map(({ path }) => `${path} names the setting of the tenant: only core/db/transaction.ts does`),

  'every event has its line in the reactions': (sources) => {
    const reactions = sources.find(({ path }) => path === 'start/reactions.ts')?.code ?? '';
    return programs(sources)
      .filter(({ path }) => path.startsWith('app/'))
      .flatMap(({ path, code }) => [...code.matchAll(EVENT_NAME)].map(([, type = '']) => ({ path, type })))
      .filter(({ type }) => !new RegExp(`\\b${type}:`).test(reactions))
      .map(
        ({ path, type }) =>
          `${path} names the event ${type}: add it to client/event-types.ts and start/reactions.ts`,
      );
  },

  'every setting is read in one place and described': (sources) => {
    const config = sources.find(({ path }) => path === 'start/config.ts')?.code ?? '';
    const described = sources.find(({ path }) => path === 'docs/configuration.md')?.text ?? '';
    const read = new Set([...config.matchAll(/env(?:, |\[)'([A-Z][A-Z_]+)'/g)].map(([, name = '']) => name));
    const listed = new Set([...described.matchAll(/^\| `([A-Z][A-Z_]+)`/gm)].map(([, name = '']) => name));
    return [
      ...[...read.difference(listed)].map((name) => `${name} is read: describe it in docs/configuration.md`),
      ...[...listed.difference(read)].map(
        (name) => `${name} is described but not read by start/config.ts: remove the line`,
      ),
      ...sources
        .filter(({ path, code }) => /^(app|core|client)\//.test(path) && /process\.env\b(?!;)/.test(code))
        .map(({ path }) => `${path} reads the environment: let start/config.ts read it and pass it on`),
    ];
  },

  'a link in a document leads somewhere': (sources) =>
    sources
      .filter(({ path }) => path.endsWith('.md'))
      .flatMap(({ path, text }) =>
        [...withoutCode(text).matchAll(RELATIVE_LINK)]
          .map(([, target = '']) => target)
          .filter((target) => !leadsToOneOf(sources, join(dirname(path), target)))
          .map(
            (target) =>
              `${path} links to ${target}, which is not there: link to what is, from this file's folder`,
          ),
      ),

  'nothing is typed any': (sources) =>
    programs(sources)
      .filter(
        ({ path, code }) =>
          !RULES_THEMSELVES.test(path) &&
          /(:|\bas|<|\|)\s*any\b\s*(\[\])*\s*[;,)>|=\]]|,\s*any\b\s*(\[\])*\s*>/.test(code),
      )
      .map(({ path }) => `${path} says any: say what it is, or unknown and check it`),

  'no check is switched off and nothing is left for later': (sources) =>
    programs(sources)
      .filter(({ path }) => !RULES_THEMSELVES.test(path))
      .flatMap(({ path, text }) =>
        [
          ...text.matchAll(
            /(?:ox|es)lint-disable|@ts-(?:ignore|expect-error|nocheck)|(?:prettier|oxfmt)-ignore|\bTODO\b|\bFIXME\b/g,
          ),
        ].map(([found]) => `${path} has ${found}: put right what it hides`),
      ),

  'a file holds one idea': (sources) =>
    programs(sources)
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > LINES_MAX)
      .map(({ path, lines }) => `${path} has ${lines} lines: split it by idea, ${LINES_MAX} at most`),
} satisfies Record<string, Rule>;

/** Samples of code may hold what only looks like a link. */
function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

/** To a file, or to a folder of some. */
function leadsToOneOf(sources: readonly Source[], target: string): boolean {
  const wanted = target.replace(/\/$/, '');
  return sources.some(({ path }) => path === wanted || path.startsWith(`${wanted}/`));
}

function programs(sources: readonly Source[]): Source[] {
  return sources.filter(({ path }) => PROGRAM.test(path));
}
