import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

export type ClientAddress = (req: IncomingMessage) => string;

/**
 * Who sent the request, as an IP address. `X-Forwarded-For` counts only as far as trusted proxies wrote it.
 *
 * @param trusted addresses and CIDR ranges of proxies, or how many proxies stand in front
 */
export function createClientAddress(trusted: readonly string[] | number): ClientAddress {
  if (typeof trusted === 'number') return (req) => plain(proxyAddr(req, (_address, hop) => hop < trusted));
  if (trusted.length === 0) return (req) => plain(req.socket.remoteAddress);
  const isTrusted = proxyAddr.compile([...trusted]);
  return (req) => plain(proxyAddr(req, isTrusted));
}

/** The key a rate limit counts an address under: an IPv4 address, or the /64 of an IPv6 address. */
export function addressBlock(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return `${groups.slice(0, 4).map(canonicalGroup).join(':')}::/64`;
}

/** A forwarded address is in whatever spelling its proxy likes; one network must not have two keys. */
function canonicalGroup(group: string): string {
  return Number.parseInt(group, 16).toString(16);
}

/** The bare address. Some proxies forward `address:port`; what is no address at all shares one name. */
function plain(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const bare = isIP(address) === 0 ? withoutPort(address) : address;
  if (isIP(bare) === 0) return 'unknown';
  return bare.startsWith('::ffff:') && bare.includes('.') ? bare.slice(7) : bare;
}

function withoutPort(address: string): string {
  if (address.startsWith('[')) return address.slice(1, Math.max(1, address.indexOf(']')));
  const colon = address.indexOf(':');
  return colon < 0 ? address : address.slice(0, colon);
}
