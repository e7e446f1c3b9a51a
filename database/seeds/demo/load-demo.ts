import { isEmptySystem } from '#app/stores/setup-link.ts';
import { analyzeTables } from '#core/db/analyze.ts';
import { asOwner } from '#core/db/as-owner.ts';
import type { Database } from '#core/db/database.ts';
import type { MediaDisk } from '#core/files/media.ts';
import { hashPassword } from '#core/security/password.ts';
import { fillShop, takeStock } from './fill-shop.ts';
import { DAYS, planHistory } from './history/plan-history.ts';
import { playHistory } from './history/play-history.ts';
import { RHYTHMS } from './history/rhythm.ts';
import { demoCustomers, demoMerchants } from './index.ts';
import { openDoors, openMerchant } from './open-merchant.ts';
import type { DemoMerchant, DemoStore } from './shop.ts';

export interface LoadDemo {
  readonly database: Database;
  /** A connection that may take `storeflow_owner`. */
  readonly adminUrl: string;
  /** Of all accounts. */
  readonly password: string;
  /** Where pictures are kept. */
  readonly media: MediaDisk;
  readonly now?: Date;
}

/** Who may sign in to the demo. */
export interface DemoAccounts {
  readonly password: string;
  readonly people: readonly { readonly username: string; readonly role: string; readonly store: string }[];
}

const DAY_MS = 86_400_000;

/**
 * Opens the demo shops in a database in which nobody can sign in: merchants, stores, staff, products, shipping, and sixty days of orders
 * through the code that real ones take. The staff's names come on the door last. So a loading that was killed counts as none, and the
 * next one clears what it left.
 */
export async function loadDemo(load: LoadDemo): Promise<DemoAccounts> {
  const { database, adminUrl, password, media, now = new Date() } = load;
  if (!(await isEmptySystem(database))) throw new Error('demo: expected a database without accounts');
  await clearUnfinished(load);
  const opening = {
    passwordHash: await hashPassword(password),
    at: new Date(now.getTime() - (DAYS + 1) * DAY_MS),
  };
  const merchants = await inTurn(demoMerchants, (merchant) => openMerchant(database, merchant, opening));
  const shops = merchants.flatMap(({ shops: opened }) => opened);
  const histories = new Map(shops.map((shop) => [shop, planHistory({ ...ordersAt(shop.store), now })]));
  await atOnce(histories, ([shop, history]) => fillShop(shop, { history, media, at: opening.at }));
  await renewStatistics(adminUrl);
  await atOnce(histories, ([shop, history]) => playHistory(shop, history));
  await atOnce(shops, (shop) => takeStock(shop, now));
  await renewStatistics(adminUrl);
  for (const { db } of merchants) await db.write(openDoors);
  return { password, people: demoMerchants.flatMap(accountsOf) };
}

/** What a killed loading left: nobody could ever sign in to it. */
async function clearUnfinished({ database, adminUrl }: LoadDemo): Promise<void> {
  const [left] = await database.directory`SELECT FROM directory_stores LIMIT 1`;
  if (left) await asOwner(adminUrl, (owner) => owner.unsafe('TRUNCATE merchants RESTART IDENTITY CASCADE'));
}

async function renewStatistics(adminUrl: string): Promise<void> {
  await asOwner(adminUrl, analyzeTables);
}

/** When one fails the others are waited for all the same: nothing of a failed loading may still be running when the next begins. */
async function atOnce<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled([...items].map(work));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function ordersAt(store: DemoStore) {
  const rhythm = RHYTHMS[store.slug];
  if (!rhythm) throw new Error(`demo: ${store.slug} has no rhythm`);
  return { store, rhythm, customers: demoCustomers.filter(({ stores }) => stores.includes(store.slug)) };
}

function accountsOf({ people, stores }: DemoMerchant): DemoAccounts['people'] {
  const names = new Map(stores.map(({ slug, name }) => [slug, name]));
  return people.map(({ username, role, stores: entered }) => ({
    username,
    role,
    store: (entered.length > 0 ? entered : [...names.keys()])
      .map((slug) => names.get(slug) ?? slug)
      .join(', '),
  }));
}
