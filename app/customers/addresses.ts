import type { TenantTx } from '#core/db/tenant.ts';
import { idBehind, opaqueId, type CustomerId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { Address, AddressFields } from './customer-view.ts';

/** Addresses that one customer may keep. */
const ADDRESSES_MAX = 20;

interface AddressRow extends Omit<Address, 'id'> {
  id: number;
}

/** The addresses that a customer keeps, oldest first. */
export async function addressesOf({ sql, tenant }: TenantTx, customerId: CustomerId): Promise<Address[]> {
  const rows = await sql<AddressRow[]>`
    SELECT id, country, state, postcode, city, line1, line2 FROM customer_addresses
    WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId} ORDER BY id`;
  return rows.map(addressView);
}

/** Keeps one more address. Refuses with TOO_MANY_ADDRESSES beyond the most that are kept. */
export async function addAddress(
  { sql, tenant }: TenantTx,
  customerId: CustomerId,
  fields: AddressFields,
): Promise<Address> {
  // Two at once are counted one after the other.
  await sql`SELECT FROM customers WHERE merchant_id = ${tenant.merchantId} AND id = ${customerId} FOR NO KEY UPDATE`;
  const { country, state, postcode, city, line1, line2 } = tidied(fields);
  const [row] = await sql<AddressRow[]>`
    INSERT INTO customer_addresses (merchant_id, customer_id, country, state, postcode, city, line1, line2)
    SELECT ${tenant.merchantId}, ${customerId}, ${country}, ${state}, ${postcode}, ${city}, ${line1}, ${line2}
    WHERE ${ADDRESSES_MAX} > (SELECT count(*) FROM customer_addresses
      WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId})
    RETURNING id, country, state, postcode, city, line1, line2`;
  if (!row)
    throw refusal('TOO_MANY_ADDRESSES', `Expected at most ${ADDRESSES_MAX} addresses; you keep as many.`);
  return addressView(row);
}

/** Replaces an address by another under the same id. */
export async function changeAddress(
  { sql, tenant }: TenantTx,
  { customerId, address }: { customerId: CustomerId; address: string },
  fields: AddressFields,
): Promise<Address> {
  const { country, state, postcode, city, line1, line2 } = tidied(fields);
  const [row] = await sql<AddressRow[]>`
    UPDATE customer_addresses SET country = ${country}, state = ${state}, postcode = ${postcode}, city = ${city}, line1 = ${line1},
      line2 = ${line2}
    WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId} AND id = ${idBehind('ad', address)}
    RETURNING id, country, state, postcode, city, line1, line2`;
  if (!row) throw addressNotFound();
  return addressView(row);
}

export async function removeAddress(
  { sql, tenant }: TenantTx,
  { customerId, address }: { customerId: CustomerId; address: string },
): Promise<void> {
  const { count } = await sql`
    DELETE FROM customer_addresses
    WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId} AND id = ${idBehind('ad', address)}`;
  if (count === 0) throw addressNotFound();
}

function tidied(fields: AddressFields): Omit<Address, 'id'> {
  return {
    country: fields.country.toUpperCase(),
    state: fields.state?.trim() || null,
    postcode: fields.postcode.trim().toUpperCase(),
    city: fields.city.trim(),
    line1: fields.line1.trim(),
    line2: fields.line2?.trim() || null,
  };
}

function addressView({ id, ...address }: AddressRow): Address {
  return { id: opaqueId('ad', id), ...address };
}

function addressNotFound() {
  return refusal('ADDRESS_NOT_FOUND', 'You keep no address with this id.');
}
