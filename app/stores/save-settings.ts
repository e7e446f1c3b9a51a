import { violatedConstraint } from '#core/db/database-errors.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import { refusal } from '../errors.ts';
import { refuseWrongSettings } from './check-settings.ts';
import { saveOpeningHours, saveSpecialDays } from './save-hours.ts';
import { storeSettings } from './settings-queries.ts';
import type { SettingsBody, StoreSettings } from './settings-view.ts';
import { storeUpdated } from './store-updated.ts';

export interface SaveSettings {
  /** The version that the person was looking at. */
  readonly version: number;
  /** What is to be different. */
  readonly changes: Omit<SettingsBody, 'version'>;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

/**
 * Changes settings of the store. A store that gets another slug is still found under those it had. Refuses STORE_CHANGED when someone else
 * was first, SLUG_TAKEN, and settings that contradict each other.
 */
export async function saveSettings(
  tx: TenantTx<StoreTenant>,
  { version, changes, act }: SaveSettings,
): Promise<StoreSettings> {
  const before = await storeSettings(tx, act.at);
  if (before.version !== version) throw changed(version, before.version);
  const wanted = normalised({ ...before, ...changes });
  refuseWrongSettings(wanted, changes);
  await writeStore(tx, wanted, version);
  if (wanted.slug !== before.slug) await listSlug(tx, wanted.slug);
  if (changes.opening_hours) await saveOpeningHours(tx, changes.opening_hours);
  if (changes.special_days) await saveSpecialDays(tx, changes.special_days);
  const after = await storeSettings(tx, act.at);
  const fields = Object.keys(changes);
  await writeAudit(tx, {
    ...act,
    action: 'store.updated',
    entity: 'store',
    entityId: tx.tenant.storeId,
    before: only(before, fields),
    after: only(after, fields),
  });
  const isAboutHours = fields.every((field) => field === 'opening_hours' || field === 'special_days');
  await storeUpdated(tx, {
    changed: isAboutHours ? 'opening_hours' : 'settings',
    actor: act.actor,
    at: act.at,
  });
  return after;
}

function normalised(settings: StoreSettings): StoreSettings {
  return {
    ...settings,
    name: settings.name.trim(),
    tagline: settings.tagline.trim(),
    accent: settings.accent.toLowerCase(),
    phone: settings.phone?.trim() || null,
  };
}

async function writeStore(
  { sql, tenant }: TenantTx<StoreTenant>,
  store: StoreSettings,
  version: number,
): Promise<void> {
  const { address } = store;
  const updated = await sql`
    UPDATE stores SET settings_version = settings_version + 1, slug = ${store.slug}, name = ${store.name}, tagline = ${store.tagline},
      theme = ${store.theme}, accent = ${store.accent}, locale = ${store.locale}, timezone = ${store.timezone}, phone = ${store.phone},
      line1 = ${address?.line1.trim() ?? null}, city = ${address?.city.trim() ?? null}, state = ${address?.state?.trim() || null},
      postcode = ${address?.postcode.trim() ?? null}, pickup = ${store.pickup}, shipping = ${store.shipping},
      preparation_minutes = ${store.preparation_minutes}, age_amber_minutes = ${store.age_amber_minutes},
      age_red_minutes = ${store.age_red_minutes}, slot_capacity = ${store.slot_capacity}
    WHERE merchant_id = ${tenant.merchantId} AND id = ${tenant.storeId} AND settings_version = ${version}`.catch(
    (error: unknown) => {
      throw violatedConstraint(error) === 'stores_merchant_id_slug_key' ? slugTaken(store.slug) : error;
    },
  );
  if (updated.count === 0) throw changed(version, version + 1);
}

/** The old slug stays in the directory: links and printed codes lead to the store as before, and nobody else can take it. */
async function listSlug({ sql, tenant }: TenantTx<StoreTenant>, slug: string): Promise<void> {
  await sql`
    INSERT INTO directory_stores (slug, merchant_id, store_id) VALUES (${slug}, ${tenant.merchantId}, ${tenant.storeId})
    ON CONFLICT (slug) DO NOTHING`;
  const [listed] = await sql<{ own: boolean }[]>`
    SELECT merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AS own FROM directory_stores WHERE slug = ${slug}`;
  if (!listed?.own) throw slugTaken(slug);
}

function only(settings: StoreSettings, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => fields.includes(name)));
}

function changed(expected: number, received: number) {
  return refusal(
    'STORE_CHANGED',
    `The settings were changed meanwhile: expected version ${expected}, it is ${received}.`,
    { version: received },
  );
}

function slugTaken(slug: string) {
  return refusal('SLUG_TAKEN', `Expected an address that is free, received "${slug}".`, {
    errors: { slug: ['is taken'] },
  });
}
