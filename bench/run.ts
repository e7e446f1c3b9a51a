import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { buildAssets } from '#start/build-assets.ts';
import { PROJECT_FOLDER } from '#start/project-folder.ts';
import type { BenchRow } from './bench-row.ts';
import { benchCheckout } from './checkout.ts';
import { benchColdStart } from './cold-start.ts';
import { benchFanOut } from './fan-out.ts';
import { benchImport } from './import.ts';
import { benchSearch } from './search.ts';
import { benchShippingEngine } from './shipping-engine.ts';
import { benchStorefront } from './storefront.ts';
import { benchTenants } from './tenants.ts';

const REPORT = join(PROJECT_FOLDER, 'docs/performance.md');
const BEGIN = '<!-- figures: begin -->';
const END = '<!-- figures: end -->';

const BENCHES = {
  checkout: benchCheckout,
  storefront: benchStorefront,
  search: benchSearch,
  tenants: benchTenants,
  shipping: benchShippingEngine,
  import: benchImport,
  realtime: benchFanOut,
  start: benchColdStart,
} as const;

/** `npm run bench` measures everything; `npm run bench checkout start` only these; `--write` puts the table into docs/performance.md. */
const words = process.argv.slice(2);
const chosen = words.filter((word) => word !== '--write');
await buildAssets(console.log);
const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.error(`measuring ${name} …`);
  rows.push(...(await bench()));
}
const table = tableOf(rows);
console.log(table);
if (words.includes('--write')) await writeReport(table);
process.exit(0);

function tableOf(all: readonly BenchRow[]): string {
  const head = [
    '| work | StoreFlow | beside it | ratio | target | holds |',
    '| --- | ---: | ---: | ---: | --- | --- |',
  ];
  return [...head, ...all.map(lineOf)].join('\n');
}

function lineOf({ work, value, unit, baseline, ratio, target, holds }: BenchRow): string {
  const cells = [
    work,
    `${round(value)} ${unit}`,
    baseline === undefined ? '' : `${round(baseline)} ${unit}`,
    ratio === undefined ? '' : `${round(ratio)} ×`,
    target,
    holds ? 'yes' : '**no**',
  ];
  return `| ${cells.join(' | ')} |`;
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

async function writeReport(figures: string): Promise<void> {
  const text = await readFile(REPORT, 'utf8');
  const [before, after] = [text.slice(0, text.indexOf(BEGIN) + BEGIN.length), text.slice(text.indexOf(END))];
  const [cpu] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpu?.model.trim()}, ${gib} GiB, Linux ${release()}, Node ${process.versions.node}, load generator on the same machine`;
  await writeFile(REPORT, `${before}\n${machine}\n\n${figures}\n${after}`);
}
