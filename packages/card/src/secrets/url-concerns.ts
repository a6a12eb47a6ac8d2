import { BlockList, isIP } from 'node:net';

const privateRanges = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  privateRanges.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  privateRanges.addSubnet(network, prefix, 'ipv6');

const privateSuffixes = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'corp',
  'home',
  'home.arpa',
  'svc',
  'test',
];

/** What is odd about publishing a URL: a host only an inner network knows, or a port. */
export function innerAddress(text: string): string | undefined {
  const url = parse(text);
  if (url === undefined || url.hostname === '') return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isPrivateHost(host)) return `names ${host}, which nobody outside can reach`;
  return url.port === '' || !url.protocol.startsWith('http') ? undefined : `names port ${url.port}`;
}

function isPrivateHost(host: string): boolean {
  const version = isIP(host);
  if (version !== 0) return privateRanges.check(host, version === 6 ? 'ipv6' : 'ipv4');
  if (host.includes('variable')) return false;
  return !host.includes('.') || privateSuffixes.some((suffix) => host.endsWith(`.${suffix}`));
}

/** A URL template is read with a word for every variable. */
function parse(text: string): URL | undefined {
  const filled = text.replace(/\{[^{}]*\}/g, 'variable');
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(filled) || !URL.canParse(filled)) return undefined;
  return new URL(filled);
}
