import type { TenantTx } from '#core/db/tenant.ts';
import type { Listener } from '#core/events/listener.ts';
import { idBehind, type VariantId } from '#core/values/ids.ts';
import type { StockLowPayload } from '../stock/stock-events.ts';
import { notify } from './notify.ts';
import { within } from './within.ts';

const TITLE_MAX = 200;

/** Tells staff that little is left of something, while there is still time to order more. */
export const notifyStockLow: Listener = {
  name: 'notify_stock_low',
  handle: async (tx, event) => {
    const { variant_id, quantity } = event.payload as StockLowPayload;
    const name = await nameOf(tx, idBehind<VariantId>('va', variant_id));
    if (name === null) return;
    await notify(tx, event, {
      kind: 'stock_low',
      title: within(TITLE_MAX, `Running low: ${name}`),
      body: `${quantity} left`,
    });
  },
};

async function nameOf({ sql, tenant }: TenantTx, id: VariantId | null): Promise<string | null> {
  const [row] = await sql<{ name: string }[]>`
    SELECT concat_ws(', ', p.name, nullif(v.title, '')) AS name
    FROM variants v JOIN products p ON p.merchant_id = v.merchant_id AND p.id = v.product_id
    WHERE v.merchant_id = ${tenant.merchantId} AND v.id = ${id}`;
  return row?.name ?? null;
}
