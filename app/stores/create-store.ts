import { violatedConstraint } from '#core/db/database-errors.ts';
import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { STORE_TOPICS, storeChannel } from './store-channels.ts';
import type { Store } from './store-view.ts';

export interface NewStore {
  readonly slug: string;
  readonly name: string;
  readonly tagline: string;
  readonly theme: Store['theme'];
  /** `#rrggbb`, lower case. */
  readonly accent: string;
  readonly currency: string;
  readonly country: string;
  readonly locale: string;
  readonly timezone: string;
  readonly phone: string | null;
  readonly address: {
    readonly line1: string;
    readonly city: string;
    readonly state: string | null;
    readonly postcode: string;
  } | null;
  readonly pickup: boolean;
  readonly shipping: boolean;
  readonly preparationMinutes: number;
  /** After how many minutes an order that waits turns amber and red on the board. */
  readonly ageMinutes?: { readonly amber: number; readonly red: number };
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

/** What is said of a store when it is opened; its owner changes the rest. */
export type PlainStore = Pick<NewStore, 'slug' | 'name' | 'currency' | 'country' | 'locale' | 'timezone'>;

export const PLAIN_STORE = {
  tagline: '',
  theme: 'classic',
  accent: '#0f766e',
  phone: null,
  address: null,
  pickup: true,
  shipping: false,
  preparationMinutes: 15,
} as const satisfies Omit<NewStore, keyof PlainStore | 'act'>;

/** Opens a store of the merchant: its row, its place in the directory and its channels. Refuses SLUG_TAKEN, whoever has the slug. */
export async function createStore(tx: TenantTx<Tenant>, store: NewStore): Promise<StoreId> {
  const id = await insertStore(tx, store).catch((error: unknown) => {
    throw isSlugTaken(error) ? slugTaken(store.slug) : error;
  });
  await openChannels(tx, id);
  const { slug, name, act } = store;
  await writeAudit(tx, {
    ...act,
    action: 'store.created',
    entity: 'store',
    entityId: id,
    before: null,
    after: { slug, name },
  });
  return id;
}

/** Where prices are told without the tax that is added to them; elsewhere they include it. */
const TAX_ON_TOP: ReadonlySet<string> = new Set(['CA', 'US']);
/** Of a counter at which people wait. */
const AGE_MINUTES = { amber: 5, red: 10 };

async function insertStore({ sql, tenant }: TenantTx<Tenant>, store: NewStore): Promise<StoreId> {
  const { address, ageMinutes = AGE_MINUTES, act } = store;
  const [row] = await sql<{ id: StoreId }[]>`
    WITH opened AS (
      INSERT INTO stores (merchant_id, slug, name, tagline, theme, accent, currency, country, locale, timezone, phone,
        line1, city, state, postcode, pickup, shipping, preparation_minutes, age_amber_minutes, age_red_minutes, prices_include_tax, created_at)
      VALUES (${tenant.merchantId}, ${store.slug}, ${store.name}, ${store.tagline}, ${store.theme}, ${store.accent}, ${store.currency},
        ${store.country}, ${store.locale}, ${store.timezone}, ${store.phone}, ${address?.line1 ?? null}, ${address?.city ?? null},
        ${address?.state ?? null}, ${address?.postcode ?? null}, ${store.pickup}, ${store.shipping}, ${store.preparationMinutes},
        ${ageMinutes.amber}, ${ageMinutes.red}, ${!TAX_ON_TOP.has(store.country)}, ${act.at})
      RETURNING merchant_id, id, slug
    ), listed AS (
      INSERT INTO directory_stores (slug, merchant_id, store_id) SELECT slug, merchant_id, id FROM opened
    )
    SELECT id FROM opened`;
  if (!row) throw new Error('store: the insert returned no row');
  return row.id;
}

async function openChannels({ sql, tenant }: TenantTx<Tenant>, id: StoreId): Promise<void> {
  const channels = STORE_TOPICS.map((topic) => storeChannel(id, topic));
  await sql`
    INSERT INTO stream_heads (merchant_id, channel) SELECT ${tenant.merchantId}, unnest(${channels}::text[])`;
}

function isSlugTaken(error: unknown): boolean {
  const constraint = violatedConstraint(error);
  return constraint === 'stores_merchant_id_slug_key' || constraint === 'directory_stores_pkey';
}

function slugTaken(slug: string) {
  return refusal('SLUG_TAKEN', `Expected an address that is free, received "${slug}".`, {
    errors: { slug: ['is taken'] },
  });
}
