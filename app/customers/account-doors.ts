import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '#core/db/database.ts';
import type { Tenant, TenantDb } from '#core/db/tenant.ts';
import { browserFingerprint } from '#core/security/browser.ts';
import type { CustomerCookies } from './customer-cookie.ts';
import type { Entrance } from './enter-anew.ts';
import { customerById, customerView } from './customer-queries.ts';

/** What the doors of customers' accounts share, whether scripts knock or people send a form. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Of one address, whatever accounts it asks for. */
export const MAILS_LIMIT = { max: 20, windowMs: HOUR_MS };
export const LINKS_LIMIT = { max: 20, windowMs: MINUTE_MS };

/** The answer to whoever asks for a mail. */
export const ASKED = { status: 'asked' } as const;

export const StoreQuery = Type.Object({
  store: Type.String({ maxLength: 60, description: 'Slug of the store at which the customer stands' }),
});

export interface CustomerDoors {
  readonly database: Database;
  readonly customerCookies: CustomerCookies;
  /** Makes and reads the links in mails. */
  readonly secret: string;
}

/** Who knocks, as sign-ins are counted and sessions are kept. */
export function visitorOf(request: FastifyRequest) {
  return { address: request.ip, fingerprint: browserFingerprint(request), requestId: request.id };
}

interface Entering {
  readonly db: TenantDb<Tenant>;
  readonly customerCookies: CustomerCookies;
  readonly entrance: Entrance;
}

/** Gives the browser its session; answers who is signed in. */
export async function enter(reply: FastifyReply, { db, customerCookies, entrance }: Entering) {
  customerCookies.write(reply, entrance.secret);
  return customerView(await db.read((tx) => customerById(tx, entrance.customerId)));
}
