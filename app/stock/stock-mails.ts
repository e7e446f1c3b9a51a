import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { idBehind, type VariantId } from '#core/values/ids.ts';
import type { Mailing } from '../mail.ts';
import { rolesThatMay } from '../staff/abilities.ts';
import { storeConfig } from '../stores/store-queries.ts';

/** More people than this look after no store. */
const RECIPIENTS_MAX = 50;

/** What those who look after a store's shelves are written about them. */
export const stockMails: Mailing = {
  name: 'stock',
  draft: async (tx, { payload }, links) => {
    const { quantity, threshold } = payload as { quantity: number; threshold: number };
    const product = await nameOfVariant(tx, idBehind<VariantId>('va', String(payload['variant_id'])));
    if (product === null) return null;
    return {
      mail: 'stock_low',
      to: await shelfKeepers(tx),
      sender: await storeConfig(tx as TenantTx<StoreTenant>),
      locale: null,
      subject: { product },
      content: { product, quantity, threshold, dashboard_url: `${links.publicUrl}/dashboard` },
      about: 'low stock',
    };
  },
};

async function nameOfVariant({ sql, tenant }: TenantTx, id: VariantId | null): Promise<string | null> {
  const [row] = await sql<{ name: string }[]>`
    SELECT concat_ws(' – ', name, nullif(title, '')) AS name
    FROM variants JOIN products ON products.merchant_id = variants.merchant_id AND products.id = product_id
    WHERE variants.merchant_id = ${tenant.merchantId} AND variants.id = ${id}`;
  return row?.name ?? null;
}

/** Who works at the store and may change what it has. */
async function shelfKeepers({ sql, tenant }: TenantTx): Promise<string[]> {
  const rows = await sql<{ email: string }[]>`
    SELECT email FROM staff
    WHERE merchant_id = ${tenant.merchantId} AND deactivated_at IS NULL AND role = ANY(${[...rolesThatMay('products.manage')]}::text[])
      AND (role = 'owner' OR EXISTS (
        SELECT FROM memberships
        WHERE memberships.merchant_id = staff.merchant_id AND store_id = ${tenant.storeId} AND staff_id = staff.id))
    ORDER BY id LIMIT ${RECIPIENTS_MAX}`;
  return rows.map(({ email }) => email);
}
