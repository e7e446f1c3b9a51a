import type { FastifyRequest } from 'fastify';
import type { Database } from '#core/db/database.ts';
import { storeChoice } from '#app/staff/staff-routes.ts';
import type { SignedInStaff } from '#app/staff/staff-sessions.ts';
import { storeConfig } from '#app/stores/store-queries.ts';

/** What every page of the dashboard is given: who is signed in, where, and what they may do. */
export async function sharedProps(database: Database, { gateContext }: FastifyRequest) {
  const staff = staffIn(gateContext);
  if (!staff) return { staff: null, abilities: [], store: null, stores: [] };
  const { merchantId, storeId, name, role, abilities, stores } = staff;
  return {
    staff: {
      name,
      role,
    },
    abilities,
    stores: stores.map(storeChoice),
    store:
      storeId === null
        ? null
        : await staffStore(database, {
            merchantId,
            storeId,
          }),
  };
}

async function staffStore(
  database: Database,
  tenant: Parameters<Database['tenant']>[0] & { storeId: NonNullable<SignedInStaff['storeId']> },
) {
  const { tenant: _, ...store } = await database.tenant(tenant).read(storeConfig);
  return store;
}

/** Nobody, too, when a key was shown where a page would have been. */
function staffIn(context: object | undefined): SignedInStaff | null {
  return context && 'staff' in context && !('keyId' in (context.staff as object))
    ? (context.staff as SignedInStaff)
    : null;
}
