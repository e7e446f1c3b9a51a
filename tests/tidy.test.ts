import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importRules } from './tidy/import-rules.ts';
import { readSources, source } from './tidy/sources.ts';
import { textRules } from './tidy/text-rules.ts';

const rules = { ...importRules, ...textRules };

type RuleName = keyof typeof rules;

/** For each rule files that break it, and what must be said of them. */
const BREACHES = {
  'core knows nothing of the shop': {
    files: { 'core/jobs/retry.ts': `import type { Order } from '#app/orders/order.ts';` },
    reported: /core\/jobs\/retry\.ts imports app\/orders\/order\.ts/,
  },
  'a domain looks only to its left': {
    files: { 'app/catalog/product.ts': `import {\n  type A,\n  b,\n} from '../orders/order-queries.ts';` },
    reported: /product\.ts imports app\/orders\/order-queries\.ts, a domain to its right/,
  },
  'every folder of app is a domain with a place in the order': {
    files: { 'app/vouchers/voucher.ts': '' },
    reported: /app\/vouchers has no place/,
  },
  'only start puts the shop together': {
    files: { 'app/orders/x.ts': `const { config } = await import('#start/config.ts');` },
    reported: /app\/orders\/x\.ts imports start\/config\.ts/,
  },
  'what is pure stays pure': {
    files: { 'app/orders/order.ts': `import { refusal } from '../errors.ts';` },
    reported: /order\.ts imports app\/errors\.ts/,
  },
  'a command calls no other command': {
    files: {
      'app/orders/ship.ts': `import { record } from '#core/events/record.ts';\nimport { cancel } from './cancel.ts';`,
      'app/orders/cancel.ts': `import { type Recorded, record } from '#core/events/record.ts';`,
    },
    reported: /ship\.ts calls app\/orders\/cancel\.ts/,
  },
  'only core/db opens connections': {
    files: {
      'app/orders/x.ts': `import postgres from 'postgres';`,
      'app/orders/y.ts': `import type p from 'postgres';`,
    },
    reported: /^app\/orders\/x\.ts imports postgres[^\n]*$/,
  },
  'screens know shapes and pure files': {
    files: {
      'dashboard/Board.vue': `<script setup>\nimport { BoardSchema } from '#app/orders/order-view.ts';\n</script>`,
    },
    reported: /Board\.vue imports app\/orders\/order-view\.ts/,
  },
  'every file is reached': {
    files: { 'bin/run.js': `import('../start/a.ts')`, 'start/a.ts': '', 'start/b.ts': '' },
    reported: /^start\/b\.ts is imported by nothing[^\n]*$/,
  },
  'what is asked before the tenant is known names directories only': {
    files: {
      'app/orders/x.ts': 'await directory<Row[]>`SELECT 1 FROM directory_orders JOIN orders USING (id)`;',
    },
    reported: /x\.ts asks orders without a tenant/,
  },
  'what all merchants share is for core alone': {
    files: { 'app/orders/x.ts': 'await database.system`SELECT 1`;' },
    reported: /x\.ts has SQL of the system role or a bare pool/,
  },
  'the tenant is set in one place': {
    files: { 'app/orders/x.ts': `await sql\`SELECT set_config('app.merchant_id', '1', false)\`;` },
    reported: /x\.ts names the setting of the tenant/,
  },
  'every event has its line in the reactions': {
    files: { 'app/orders/x.ts': `type: 'OrderDeleted'`, 'start/reactions.ts': 'OrderCreated: [],' },
    reported: /x\.ts names the event OrderDeleted/,
  },
  'every setting is read in one place and described': {
    files: {
      'start/config.ts': `env['HOST'] || wholeNumber(env, 'PORT')`,
      'docs/configuration.md': '| `HOST` | |',
    },
    reported: /^PORT is read: describe it[^\n]*$/,
  },
  'a link in a document leads somewhere': {
    files: { 'docs/a.md': 'As [told](./b.md#there), see [more](decisions/001-b.md).', 'docs/b.md': '' },
    reported: /^docs\/a\.md links to decisions\/001-b\.md[^\n]*$/,
  },
  'nothing is typed any': {
    files: { 'app/orders/x.ts': `const rows: any[] = [];` },
    reported: /x\.ts says any/,
  },
  'no check is switched off and nothing is left for later': {
    files: { 'app/orders/x.ts': `// oxlint-disable-next-line` },
    reported: /x\.ts has oxlint-disable/,
  },
  'a file holds one idea': {
    files: { 'app/orders/x.ts': '\n'.repeat(301) },
    reported: /x\.ts has 301 lines/,
  },
} satisfies Record<RuleName, { files: Record<string, string>; reported: RegExp }>;

const names = Object.keys(rules) as RuleName[];

describe('the project', () => {
  const sources = readSources(join(import.meta.dirname, '..'));

  it('has sources for the rules to read, with imports between them', () => {
    for (const folder of ['app', 'core', 'client', 'start', 'dashboard', 'storefront', 'tests'])
      expect(sources.filter(({ path }) => path.startsWith(`${folder}/`)).length, folder).toBeGreaterThan(5);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(500);
  });

  it.each(names)('keeps the rule: %s', (name) => {
    expect(rules[name](sources)).toEqual([]);
  });
});

describe('a breach is reported', () => {
  it.each(names)('of the rule: %s', (name) => {
    const { files, reported } = BREACHES[name];
    const sources = Object.entries(files).map(([path, text]) => source(path, text));
    expect(rules[name](sources).join('\n')).toMatch(reported);
  });
});
