import { BlockList, isIP } from 'node:net';

/** Which network addresses keys may be fetched from. */
export type AddressPolicy = (address: string) => boolean;

export interface AddressPolicyOptions {
  /** Private and loopback addresses are fine. */
  readonly allowPrivateAddresses: boolean;
  /** Loopback addresses are fine. */
  readonly allowLoopback: boolean;
}

type Range = readonly [network: string, prefix: number];

const LOOPBACK_V4: readonly Range[] = [['127.0.0.0', 8]];
/** RFC 1918, RFC 6598 and what else is not the public internet. */
const PRIVATE_V4: readonly Range[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
];
/** "This network", link-local (where clouds serve instance credentials), protocol assignments, multicast, reserved, broadcast. */
const NEVER_V4: readonly Range[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

const loopback = blockList(LOOPBACK_V4, [['::1', 128]]);
const restricted = blockList(PRIVATE_V4, [
  ['fc00::', 7],
  ['64:ff9b:1::', 48],
]);
/** Teredo, link-local, old site-local, multicast. `::` is in the IPv4-compatible form of 0.0.0.0/8. */
const never = blockList(NEVER_V4, [
  ['2001::', 32],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]);

/**
 * Public addresses only, but for what the options open. Link-local, multicast and reserved addresses are never allowed.
 * IPv6 forms that carry an IPv4 address (mapped, compatible, translated, NAT64, 6to4) are judged by it.
 */
export function createAddressPolicy(options: AddressPolicyOptions): AddressPolicy {
  const { allowPrivateAddresses, allowLoopback } = options;
  return (address) => {
    const family = isIP(address);
    if (family === 0) return false;
    const type = family === 4 ? 'ipv4' : 'ipv6';
    if (loopback.check(address, type)) return allowLoopback || allowPrivateAddresses;
    if (never.check(address, type)) return false;
    return allowPrivateAddresses || !restricted.check(address, type);
  };
}

/** True for host names and literals that mean this machine. */
export function isLoopbackHost(hostname: string): boolean {
  const address = bareAddress(hostname);
  if (isIP(address) === 0) return address === 'localhost' || address.endsWith('.localhost');
  return loopback.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** The host of a URL without the brackets of an IPv6 literal. */
export function bareAddress(hostname: string): string {
  return hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname;
}

/** `BlockList` itself matches IPv4-mapped addresses against the IPv4 ranges; the other forms are added here. */
function blockList(v4: readonly Range[], v6: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of v4) {
    const hex = Buffer.from(network.split('.').map(Number)).toString('hex');
    const [high, low] = [hex.slice(0, 4), hex.slice(4)];
    list.addSubnet(network, prefix, 'ipv4');
    list.addSubnet(`64:ff9b::${high}:${low}`, 96 + prefix, 'ipv6');
    list.addSubnet(`2002:${high}:${low}::`, 16 + prefix, 'ipv6');
    list.addSubnet(`::${high}:${low}`, 96 + prefix, 'ipv6');
    // IPv4-translated, `::ffff:0:0:0/96` (RFC 2765, SIIT).
    list.addSubnet(`::ffff:0:${high}:${low}`, 96 + prefix, 'ipv6');
  }
  for (const [network, prefix] of v6) list.addSubnet(network, prefix, 'ipv6');
  return list;
}
