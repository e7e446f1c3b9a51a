import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address that a name stands for. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Finds the addresses of a name; rejects or answers none when it has none. */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

/** Where calls to addresses that strangers choose may go. */
export interface Reach {
  /** Whether also to this machine and its own network. */
  readonly allowPrivate: boolean;
  readonly resolve: Resolve;
}

/** The address must not or cannot be called; the reason is fit to be shown. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

const DNS_TIMEOUT_MS = 2_000;
const DNS_TRIES = 2;

/** Of this machine's own view of names, for networks of one's own. */
const resolveHere: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

/** By DNS alone, and not in the threads that files and passwords need: a name server may be slow on purpose. */
const resolvePublicly: Resolve = async (host) => {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  const [four, six] = await Promise.all([
    resolver.resolve4(host).catch(() => []),
    resolver.resolve6(host).catch(() => []),
  ]);
  return [
    ...four.map((address) => ({ address, family: 4 as const })),
    ...six.map((address) => ({ address, family: 6 as const })),
  ];
};

/** The reach of a server: the public internet, and its own network only where its operator says so. */
export function reachOf({ allowPrivate }: Pick<Reach, 'allowPrivate'>): Reach {
  return { allowPrivate, resolve: allowPrivate ? resolveHere : resolvePublicly };
}

/**
 * The addresses to which a call to `url` may go now. Throws `AddressRefused` for one that is not HTTPS, has a password in it, leads to no
 * address or, even by one of several, into a network that is not public. Names may lead elsewhere a moment later: call what this answered.
 */
export async function callableAddresses(url: URL, reach: Reach): Promise<readonly ResolvedAddress[]> {
  if (url.protocol !== 'https:' && !(reach.allowPrivate && url.protocol === 'http:'))
    throw new AddressRefused('expected an address that begins with https://');
  if (url.username || url.password)
    throw new AddressRefused('expected an address without a user or password');
  const addresses = await addressesOf(url.hostname.replace(/^\[|\]$/g, ''), reach);
  if (addresses.length === 0) throw new AddressRefused('the name leads to no address');
  if (!reach.allowPrivate && !addresses.every(({ address }) => isPublic(address)))
    throw new AddressRefused('the address is not on the public internet');
  return addresses;
}

async function addressesOf(host: string, { resolve }: Reach): Promise<readonly ResolvedAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family: family === 6 ? 6 : 4 }];
  return resolve(host).catch(() => []);
}

/** What is handed out of IPv6. Outside of it are old ways to write an IPv4 address, `::7f00:1` for one. */
const HANDED_OUT = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an IP address is on the public internet: not this machine's, its network's, nor one that stands for such a one. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(HANDED_OUT));
}
