import type { Tenant } from '#core/db/tenant.ts';
import type { CustomerId, MerchantId, StaffId } from '#core/values/ids.ts';

/** Who is at the other end of a socket. */
export type Principal = { readonly kind: 'anonymous' } | SignedInPrincipal;

/** Whoever came with a ticket of their session. */
export type SignedInPrincipal = StaffPrincipal | CustomerPrincipal;

export interface StaffPrincipal extends PrincipalSession {
  readonly kind: 'staff';
  readonly staffId: StaffId;
}

export interface CustomerPrincipal extends PrincipalSession {
  readonly kind: 'customer';
  readonly customerId: CustomerId;
}

/** A session that opens sockets. Those of staff and of customers are numbered apart. */
export interface PrincipalSession {
  readonly kind: 'staff' | 'customer';
  readonly merchantId: MerchantId;
  readonly sessionId: number;
}

/** What the gateway asks the application. A rejection means that it cannot tell now, and ends the socket with 4010. */
export interface Admission {
  /** Who presents this ticket, or none; null refuses the connection. */
  authenticate(ticket: string | null): Promise<Principal | null>;
  /** The tenant under which the channel is read for this principal; null when it may not listen or the channel does not exist. */
  authorise(principal: Principal, channel: string): Promise<Tenant | null>;
  /** Those of the principals whose session has ended, wherever it was ended: their sockets are closed. One question for all of a node. */
  ended(principals: readonly SignedInPrincipal[]): Promise<readonly SignedInPrincipal[]>;
}
