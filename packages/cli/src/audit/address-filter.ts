import { BlockList, isIP } from 'node:net';
import { textAt, type AuditRecord } from '@sallyport/core';

/** Where a request came from; of refusals that were counted together, their network. */
export function addressOf(record: AuditRecord): string | undefined {
  return record.type === 'audit.aggregated' ? textAt(record, 'detail', 'network') : textAt(record, 'source', 'ip');
}

/** True for an address, or a network with its length, as in `203.0.113.0/24`. */
export function isAddressFilter(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** Makes the test of addresses and networks: whether all of one is inside. */
export function addressTest(within: string | undefined): (text: string | undefined) => boolean {
  if (within === undefined) return () => true;
  const { address, family, prefix } = parse(within);
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return (text) => {
    if (text === undefined || !isAddressFilter(text)) return false;
    const asked = parse(text);
    return (asked.family !== family || asked.prefix >= prefix) && list.check(asked.address, asked.family);
  };
}

function parse(text: string): { readonly address: string; readonly family: 'ipv4' | 'ipv6'; readonly prefix: number } {
  const [address = '', prefix] = text.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return { address, family, prefix: prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix) };
}
