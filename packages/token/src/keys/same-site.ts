import { isIP } from 'node:net';
import { bareAddress } from './address-policy.ts';

/**
 * True for hosts that are probably one organisation's: equal, or names with the same last two labels. Good enough to tell what an operator
 * should look at, or say explicitly; not a registry of public suffixes.
 */
export function isSameSite(a: URL, b: URL): boolean {
  if (a.hostname === b.hostname) return true;
  if (isIP(bareAddress(a.hostname)) !== 0 || isIP(bareAddress(b.hostname)) !== 0) return false;
  const site = (hostname: string): string => hostname.split('.').slice(-2).join('.');
  return site(a.hostname) === site(b.hostname);
}
