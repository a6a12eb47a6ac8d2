import { isIPv4, isIPv6 } from 'node:net';

/** The network an address is counted under: its /24 (IPv4, also when mapped into IPv6) or its /64. */
export function networkOf(ip: string): string {
  if (isIPv4(ip)) return network24(ip);
  const address = ip.split('%', 1)[0] ?? '';
  if (!isIPv6(address)) return 'unknown';
  const groups = expand(address);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) {
    const [high = 0, low = 0] = groups.slice(6);
    return network24(`${high >> 8}.${high & 255}.${low >> 8}.0`);
  }
  const prefix = groups.slice(0, 4).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}

function network24(ip: string): string {
  return `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`;
}

/** The eight groups of a valid IPv6 address. */
function expand(address: string): number[] {
  const [left = '', right] = address.split('::');
  const head = groupsOf(left);
  if (right === undefined) return head;
  const tail = groupsOf(right);
  const zeros = Array.from<number>({ length: 8 - head.length - tail.length }).fill(0);
  return [...head, ...zeros, ...tail];
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}
