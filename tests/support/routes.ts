import type { Route } from '#core/http/route.ts';
import { customerCookies } from '#app/customers/customer-cookie.ts';
import { staffCookies } from '#app/staff/staff-cookie.ts';
import { reachOf } from '#core/webhooks/public-addresses.ts';
import { shopRoutes } from '#start/routes.ts';
import type { TestApp } from './app.ts';

/** What the server's routes declare. Their handlers are not to be called: the doors that they lead through are missing. */
export function declaredRoutes({ database }: Pick<TestApp, 'database'>): Route[] {
  return shopRoutes({
    database,
    cookies: staffCookies({ secure: false }),
    customerCookies: customerCookies({ secure: false }),
    themes: null as never,
    media: null as never,
    imports: null as never,
    secret: '',
    reach: reachOf({ allowPrivate: false }),
    payments: { providers: null as never, stripe: null as never },
    publicUrl: '',
    closeSockets: () => undefined,
  });
}

/** A route's address with names in place of its parameters. */
export function addressOf({ path }: Route, names: Readonly<Record<string, string>>): string {
  return path.replaceAll(/:(\w+)/g, (_, parameter: string) => names[parameter] ?? 'unknown');
}
