import type { StaffAbility } from '#app/staff/abilities.ts';

/** A part of the dashboard, for those who have its ability. `key` goes there after `G`. */
interface Section {
  readonly label: string;
  readonly icon: string;
  readonly to: string;
  readonly key: string;
  readonly ability: StaffAbility;
}

/** In the order of the sidebar. */
const SECTIONS: readonly Section[] = [
  { label: 'Operations', icon: 'i-lucide-columns-3', to: '/dashboard', key: 'o', ability: 'orders.see' },
  {
    label: 'Orders',
    icon: 'i-lucide-receipt-text',
    to: '/dashboard/orders',
    key: 'h',
    ability: 'orders.history',
  },
];

/** The sections that may be entered with these abilities. */
export function sectionsFor(abilities: readonly StaffAbility[]): readonly Section[] {
  return SECTIONS.filter(({ ability }) => abilities.includes(ability));
}
