import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/** What one customer of a provider has to themselves, and can take any address of. In bits. */
const IPV6_NETWORK_BITS = 64;

/** Where an address counts as the same caller's: IPv4 the address itself, IPv6 its network. What is no address is answered as it is. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const caller = ipaddr.process(address);
  return caller.kind() === 'ipv4'
    ? caller.toString()
    : ipaddr.IPv6.networkAddressFromCIDR(`${caller.toString()}/${IPV6_NETWORK_BITS}`).toString();
}

/**
 * Where a connection comes from, for counting. Behind a proxy that is trusted it is the last address that the proxy names, which it added
 * itself; what stands before it is what the caller wrote.
 */
export function callerOf(
  {
    headers,
    socket,
  }: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } },
  { trustProxy }: { readonly trustProxy: boolean },
): string {
  const forwarded = trustProxy ? String(headers['x-forwarded-for'] ?? '') : '';
  const named = forwarded.split(',').at(-1)?.trim();
  return networkOf(named || (socket.remoteAddress ?? ''));
}
