import type { Shelf } from '#core/cache/channel-cache.ts';
import type { StoreTenant, Tenant, TenantDb } from '#core/db/tenant.ts';
import { routesFor } from '#core/http/route.ts';
import type { Actor } from '#core/security/audit.ts';
import type { SignedInCustomer } from './customers/customer-sessions.ts';
import type { ErrorCode } from './errors.ts';
import type { StaffAbility } from './staff/abilities.ts';
import type { AtStore, SignedInStaff } from './staff/staff-sessions.ts';
import type { StoreConfig } from './stores/store-queries.ts';

/** Who the shop's routes are for, what each of them may ask for, and what its handlers are bound to. */
export interface ShopAudiences {
  /** Nobody in particular, no tenant: health, documentation, the door itself. */
  anyone: { ability: 'public.see' | 'staff.sign_in' | 'system.set_up' | 'payment.report'; context: object };
  /** Visitors of a storefront, bound to the store in the address: in its path, or as `?store=`. */
  storefront: {
    ability: 'store.browse' | 'store.order' | 'account.open';
    context: { readonly db: TenantDb<StoreTenant>; readonly store: StoreConfig; readonly shelf: Shelf };
  };
  /** Visitors of a storefront as customers who may be signed in there, or as guests. */
  shopper: {
    ability: 'store.browse' | 'store.order';
    context: ShopAudiences['storefront']['context'] & { readonly customer: SignedInCustomer | null };
  };
  /** Whoever holds an order's token, bound to that order's store. */
  order_holder: { ability: 'order.track'; context: { readonly db: TenantDb<StoreTenant> } };
  /** Customers who are signed in, bound to their merchant and all its stores. */
  customer: {
    ability: 'account.use';
    context: {
      readonly db: TenantDb<Tenant>;
      readonly customer: SignedInCustomer;
      readonly actor: Actor;
    };
  };
  /** A person who is signed in, bound to their merchant, at whichever store: what concerns them, or more than one store. */
  staff_without_store: {
    ability: 'stores.choose' | 'session.end' | 'account.manage' | StaffAbility;
    context: { readonly db: TenantDb<Tenant>; readonly staff: SignedInStaff; readonly actor: Actor };
  };
  /** Whoever works at a store, where it may be entered: a person, or a program with a key. */
  staff: {
    ability: StaffAbility;
    context: { readonly db: TenantDb<StoreTenant>; readonly staff: AtStore; readonly actor: Actor };
  };
}

type AsAudiences = { [Name in keyof ShopAudiences]: ShopAudiences[Name] };

/** Declares a route of the shop: audience and ability are part of its type. */
export const route = routesFor<AsAudiences, ErrorCode>();
