import type { Route } from '#core/http/route.ts';
import { opaqueId, type IdKind } from '#core/values/ids.ts';
import type { Household } from '../walls/rows.ts';

/** What stands in an address after a part of this name: a row of which table, and the kind of its opaque id, or null for its token. */
const NAMED: Readonly<Record<string, readonly [table: string, kind: IdKind | null]>> = {
  'api-keys': ['api_keys', 'ak'],
  categories: ['categories', 'ca'],
  customers: ['customers', null],
  images: ['product_images', 'im'],
  methods: ['shipping_methods', 'sm'],
  orders: ['orders', null],
  'product-imports': ['product_imports', 'im'],
  products: ['products', 'pr'],
  promotions: ['promotions', 'po'],
  rates: ['tax_rates', 'ta'],
  sessions: ['staff_sessions', 'ss'],
  staff: ['staff', 'sf'],
  'staff-invitations': ['staff_invitations', 'in'],
  variants: ['variants', 'va'],
  'webhook-deliveries': ['webhook_deliveries', 'wd'],
  'webhook-endpoints': ['webhook_endpoints', 'we'],
  zones: ['shipping_zones', 'sz'],
};

const NOBODYS_ID = 999_999_999;
const NOBODYS_TOKEN = 'AAAAAAAAAAAAAAAAAAAAAA';

/** The tables of whose rows the route's address names one, the outermost first. Throws for a part that nobody has listed. */
export function tablesNamedBy({ path }: Pick<Route, 'path'>): string[] {
  return [...path.matchAll(/([\w-]+)\/:\w+/g)].map(([, part = '']) => named(part)[0]);
}

/** The route's address with names of the household's rows, or with names that nobody has. */
export function addressNaming({ path }: Pick<Route, 'path'>, household: Household | null): string {
  return path.replaceAll(/([\w-]+)\/:\w+/g, (_, part: string) => {
    const [table, kind] = named(part);
    const row = household?.get(table);
    const name =
      kind === null
        ? String(row?.['public_id'] ?? NOBODYS_TOKEN)
        : opaqueId(kind, Number(row?.['id'] ?? NOBODYS_ID));
    return `${part}/${name}`;
  });
}

function named(part: string): readonly [string, IdKind | null] {
  const found = NAMED[part];
  if (!found) throw new Error(`names.ts: expected to know what stands after /${part}/ in an address: add it`);
  return found;
}
