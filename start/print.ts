import type { Database } from '#core/db/database.ts';
import type { ImportReport, ImportProgress } from '#app/imports/import-view.ts';
import type { Verdict } from './verify.ts';
import type { DemoAccounts } from '../database/seeds/demo/load-demo.ts';

/** Addresses of storefronts that are listed at start. */
const STORES_SHOWN_MAX = 20;

/** What the person at the terminal reads; the server's log goes elsewhere. */

export function printLine(line: string): void {
  console.log(line);
}

/** Beside a command's output, which may go into a file. */
export function printNote(line: string): void {
  console.error(line);
}

/** Where the storefronts and the dashboard are. */
export async function printAddresses({ directory }: Database, address: string): Promise<void> {
  const stores = await directory<
    { slug: string }[]
  >`SELECT slug FROM directory_stores ORDER BY slug LIMIT ${STORES_SHOWN_MAX}`;
  printLine(`\nStoreFlow runs at ${address} (Ctrl-C ends it)\n`);
  for (const { slug } of stores) printLine(`  Storefront  ${address}/s/${slug}`);
  printLine(`  Dashboard   ${address}/dashboard`);
  printLine(`  API         ${address}/docs\n`);
}

/** Said once, so that nobody waits for mails that are not sent. */
export function printNoMails(): void {
  printLine('MAIL_URL is not set: no mails are sent. See docs/configuration.md.');
}

/** Who may sign in to the demo. The password is shown once: it is kept only as a hash. */
export function printDemo({ password, people }: DemoAccounts): void {
  printLine(`Demo accounts, all with the password ${password}`);
  for (const { username, role, store } of people)
    printLine(`  ${username.padEnd(12)} ${role.padEnd(8)} ${store}`);
  printLine('');
}

/** The way into an empty production system, for whoever reads this terminal. */
export function printSetupLink(address: string, secret: string): void {
  printLine('Nothing is set up yet. Open this link once to create the first store and its owner:');
  printLine(`  ${address}/setup/${secret}\n`);
}

/** A sign of life every so many products of an import. */
const PROGRESS_EVERY_PRODUCTS = 500;

export function progressPrinter(): (progress: ImportProgress) => void {
  let next = PROGRESS_EVERY_PRODUCTS;
  return ({ products, line }) => {
    if (products < next) return;
    next = products + PROGRESS_EVERY_PRODUCTS;
    printLine(`  ${products} products, line ${line}`);
  };
}

/** What an import did, and each line that needs a change. */
export function printImport(report: ImportReport): void {
  for (const { line, reason } of report.problems) printLine(`  line ${line}: ${reason}`);
  const { products, variants, created, updated, failed, dryRun } = report;
  printLine(
    `${products} products, ${variants} variants: ${created} created, ${updated} updated, ${failed} failed`,
  );
  if (dryRun) printLine('A dry run: nothing was kept.');
}

/** What each check found, and the first that are wrong. */
export function printVerdicts(verdicts: readonly Verdict[]): void {
  const width = Math.max(...verdicts.map(({ check }) => check.length));
  for (const { check, checked, wrong, first } of verdicts) {
    printLine(`${check.padEnd(width)}  ${checked} checked, ${wrong} wrong`);
    for (const { where, subject, kept, source } of first)
      printLine(`  ${where}, ${subject}: expected ${source}, received ${kept}`);
  }
}

/** Shown once: it is kept only as a hash. */
export function printPassword(login: string, password: string): void {
  printLine(`The new password of ${login} is ${password}`);
  printLine('Whoever was signed in with the old one no longer is. Change it after signing in.');
}

export function printUsage(): void {
  printLine('storeflow start                                            runs the server');
  printLine(
    'storeflow import products FILE --store SLUG [--dry-run]    takes a Shopify product CSV into a store',
  );
  printLine(
    'storeflow export products --store SLUG                     writes a store’s products as such a CSV',
  );
  printLine(
    'storeflow verify                                           holds stock, points and other sums against their source',
  );
  printLine(
    'storeflow password LOGIN                                   lets somebody in who has forgotten their password',
  );
}
