import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { programmeColumn, programmeOf, type ProgrammeJson } from '../loyalty/loyalty-queries.ts';
import type { Programme } from '../loyalty/loyalty-rules.ts';
import { promotionColumn, promotionOf, type PromotionJson } from '../promotions/promotion-queries.ts';
import type { Promotion } from '../promotions/promotion-terms.ts';
import type { ShippingLookup } from '../shipping/shipping-lookup.ts';
import { lookupColumn, type LookupJson } from '../shipping/shipping-queries.ts';
import { countryCode, stateCode } from '#core/values/regions.ts';
import type { TakenSlots } from '../opening/pickup-promise.ts';
import { takenColumn, takenOf, type SlotsWanted } from '../opening/store-slots.ts';
import { taxRatesColumn } from '../taxes/tax-queries.ts';
import type { TaxPlace, TaxRate } from '../taxes/tax-rules.ts';

/** The rules of a store by which a cart becomes a price. */
export interface CheckoutRules {
  readonly pricesIncludeTax: boolean;
  /** Of the store itself: where goods are supplied that are picked up. */
  readonly place: TaxPlace;
  readonly rates: readonly TaxRate[];
  readonly shipping: ShippingLookup;
  /** The one that was asked for, or null when there is none of that code. */
  readonly promotion: Promotion | null;
  readonly programme: Programme | null;
  /** How many orders hold each slot, as far as it was asked. */
  readonly taken: TakenSlots;
}

interface Wanted {
  /** Where the cart is sent, or null. */
  readonly country: string | null;
  /** Normalised; null for none. */
  readonly code: string | null;
  readonly customerId: CustomerId | null;
  /** Null unless the order is to be picked up at a store whose slots have a capacity. */
  readonly slots?: SlotsWanted | null;
}

interface RulesRow {
  pricesIncludeTax: boolean;
  country: string;
  state: string | null;
  rates: TaxRate[] | null;
  shipping: LookupJson | null;
  promotion: PromotionJson | null;
  programme: ProgrammeJson | null;
  taken: Record<string, number> | null;
}

/** All rules of one moment, in one statement. */
export async function checkoutRules(tx: TenantTx<StoreTenant>, wanted: Wanted): Promise<CheckoutRules> {
  const { sql, tenant } = tx;
  const shipping = lookupColumn(tx);
  const country = wanted.country && countryCode(wanted.country);
  const [row] = await sql<RulesRow[]>`
    SELECT s.prices_include_tax AS "pricesIncludeTax", s.country, s.state, ${taxRatesColumn(tx, country)} AS rates, ${shipping.column} AS shipping,
      ${promotionColumn(tx, wanted)} AS promotion, ${programmeColumn(tx)} AS programme,
      ${takenColumn(tx, wanted.slots ?? null)} AS taken
    FROM stores s WHERE s.merchant_id = ${tenant.merchantId} AND s.id = ${tenant.storeId}`;
  if (!row) throw new Error(`store ${tenant.storeId} is not in its merchant`);
  return {
    pricesIncludeTax: row.pricesIncludeTax,
    place: { country: row.country, state: stateCode(row.country, row.state) },
    rates: row.rates ?? [],
    shipping: shipping.lookupOf(row.shipping),
    promotion: row.promotion && promotionOf(row.promotion),
    programme: row.programme && programmeOf(row.programme),
    taken: takenOf(row.taken),
  };
}
