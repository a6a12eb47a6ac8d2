import { isIP } from 'node:net';

const suffixes: readonly string[] = [
  '.local',
  '.internal',
  '.lan',
  '.svc',
  '.localhost',
  '.cluster.local',
  '.corp',
  '.home.arpa',
];
const privateAddress =
  /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;

/** True for a host name or address that nobody outside can reach: private addresses, names without a dot, names inside clusters. */
export function isInternalHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(host) === 4) return privateAddress.test(host);
  if (isIP(host) === 6) return host === '::1' || /^f[cd]|^fe[89ab]/.test(host);
  return !host.includes('.') || suffixes.some((suffix) => host.endsWith(suffix));
}
