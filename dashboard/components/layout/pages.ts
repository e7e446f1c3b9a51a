/** The sections of the dashboard, in the order of the sidebar. `key` goes there after `G`. */
export const SECTIONS = [
  { label: 'Operations', icon: 'i-lucide-columns-3', to: '/dashboard', key: 'o' },
  { label: 'Orders', icon: 'i-lucide-receipt-text', to: '/dashboard/orders', key: 'h' },
] as const;
