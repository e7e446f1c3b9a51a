/** What a person at the dashboard may be allowed to do. The same words are the scopes of API keys. */
export const STAFF_ABILITIES = [
  'orders.see',
  'orders.history',
  'orders.move',
  'orders.cancel_pending',
  'orders.cancel',
  'orders.refund',
  'products.see',
  'products.manage',
  'customers.manage',
  'promotions.manage',
  'shipping.manage',
  'loyalty.manage',
  'store.manage',
  'staff.invite',
  'staff.manage',
  'merchant.manage',
  'audit.see',
] as const;

export type StaffAbility = (typeof STAFF_ABILITIES)[number];
export type StaffRole = 'owner' | 'manager' | 'staff';

/** What concerns the whole merchant: its stores, who works there, what opens doors. */
const OWNERS_ONLY: ReadonlySet<StaffAbility> = new Set(['staff.manage', 'merchant.manage']);

const ABILITIES = {
  owner: STAFF_ABILITIES,
  manager: STAFF_ABILITIES.filter((ability) => !OWNERS_ONLY.has(ability)),
  staff: ['orders.see', 'orders.move', 'orders.cancel_pending', 'products.see'],
} as const satisfies Record<StaffRole, readonly StaffAbility[]>;

/** What a key of a store may carry: all but what concerns more than its store. */
export const KEY_SCOPES = STAFF_ABILITIES.filter(
  (ability) => !OWNERS_ONLY.has(ability) && ability !== 'staff.invite' && ability !== 'audit.see',
);

/** What a merchant lets its managers do besides. */
export interface ManagersRights {
  readonly managersManageLoyalty: boolean;
}

/** The roles that may carry an ability, if the merchant allows it. */
export function rolesThatMay(ability: StaffAbility): readonly StaffRole[] {
  const roles = Object.keys(ABILITIES) as StaffRole[];
  return roles.filter((role) => abilitiesOf(role, { managersManageLoyalty: true }).includes(ability));
}

/** The abilities of a role. In which stores is decided by memberships; an owner has all. */
export function abilitiesOf(
  role: StaffRole,
  { managersManageLoyalty }: ManagersRights,
): readonly StaffAbility[] {
  if (role !== 'manager' || managersManageLoyalty) return ABILITIES[role];
  return ABILITIES.manager.filter((ability) => ability !== 'loyalty.manage');
}
