import { BlockList, isIP } from 'node:net';
import type { Complaint } from '../schema/field.ts';

/** A host name or address as a `Host` header carries it, with or without a port. */
export function checkHost(text: string): Complaint | undefined {
  if (isIP(text) === 6 && !text.includes('%')) return { suggestion: `[${text}]` };
  const parts = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?$/.exec(text);
  const name = parts?.[1]?.toLowerCase();
  if (name === undefined || Number(parts?.[2] ?? 1) > 65_535 || Number(parts?.[2] ?? 1) < 1) {
    return text.includes('*') ? { fault: 'holds a wildcard, but hosts are compared exactly' } : {};
  }
  if (name.startsWith('.') || name.endsWith('.') || name.includes('..') || !URL.canParse(`http://${name}`)) return {};
  const canonical = new URL(`http://${name}`).hostname;
  const port = parts?.[2] === undefined ? '' : `:${parts[2]}`;
  return canonical === name
    ? undefined
    : { problem: 'is not in its canonical spelling', suggestion: `${canonical}${port}` };
}

/** A serialized origin (RFC 6454 §6.1) of a web page. */
export function checkOrigin(text: string): Complaint | undefined {
  if (text === '*') return { problem: '"*" would let every web page call', remedy: 'list each origin' };
  if (text === 'null')
    return { problem: '"null" is the origin of every sandboxed page', remedy: 'list the origin of the page itself' };
  if (text.includes('*')) return { fault: 'holds a wildcard, but origins are compared exactly' };
  if (!/^https?:\/\/[!-~]+$/i.test(text) || /[\\@"<>^`{|}]/.test(text) || !URL.canParse(text)) return {};
  const { origin } = new URL(text);
  return origin === text ? undefined : { suggestion: origin };
}

/** An address or CIDR range of a proxy. */
export function checkProxy(text: string): Complaint | undefined {
  const slash = text.indexOf('/');
  const address = slash === -1 ? text : text.slice(0, slash);
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return {};
  if (slash === -1) return undefined;
  const digits = text.slice(slash + 1);
  const prefix = Number(digits);
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(digits) || prefix > (family === 4 ? 32 : 128)) return {};
  return coversEverything(address, prefix, family === 4 ? 'ipv4' : 'ipv6')
    ? {
        problem: 'covers every address, which would let any caller choose the address it is seen under',
        remedy: 'list the addresses of your proxies',
      }
    : undefined;
}

/** True when every IPv4 or every IPv6 address is in the range; `::ffff:0:0/96` is all of IPv4. */
function coversEverything(address: string, prefix: number, family: 'ipv4' | 'ipv6'): boolean {
  if (prefix === 0) return true;
  if (family === 'ipv4' || prefix > 96) return false;
  const range = new BlockList();
  range.addSubnet(address, prefix, family);
  return range.check('::ffff:0:0', 'ipv6');
}
