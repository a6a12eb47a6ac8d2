import { isLoopbackHost } from './address-policy.ts';

/**
 * Reads a URL that keys or metadata may be fetched from: https, or http to this machine where `allowInsecureLoopback` is set; no
 * credentials, no fragment. Gives the problem in words otherwise, which names the switch that would allow http on loopback.
 */
export function readOutboundUrl(
  text: string,
  allowInsecureLoopback: boolean,
  nameOfSwitch = 'dangerouslyAllowInsecureIssuers',
): URL | string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'is not a URL';
  }
  if (url.username !== '' || url.password !== '') return 'must not contain credentials';
  if (text.includes('#')) return 'must not have a fragment';
  if (url.protocol === 'https:') return url;
  if (url.protocol !== 'http:') return 'must be an https URL';
  if (!isLoopbackHost(url.hostname)) return 'must be an https URL; http is possible on loopback only';
  return allowInsecureLoopback ? url : `must be an https URL; http on loopback needs ${nameOfSwitch}`;
}
