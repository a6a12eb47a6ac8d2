import { BlockList, isIPv4 } from 'node:net';

export interface StrictUrl {
  readonly url: URL;
  readonly secure: boolean;
  /** The host is `localhost`, in 127.0.0.0/8 or `[::1]`. Names are not resolved. */
  readonly loopback: boolean;
}

/** What is wrong with the text of a URL, in words that do not repeat it. */
export interface UrlFault {
  readonly fault: string;
}

/**
 * Reads an absolute http or https URL without the leniency of the WHATWG parser: printable ASCII, `scheme://`, no backslash,
 * no user information, no fragment.
 */
export function readStrictUrl(text: string, options: { readonly query: boolean }): StrictUrl | UrlFault {
  if (!/^https?:\/\/[!-~]+$/.test(text) || /[\\"<>^`{|}]/.test(text) || !URL.canParse(text)) {
    return { fault: 'is not an absolute URL with http or https' };
  }
  if (
    text
      .slice(text.indexOf('//') + 2)
      .split(/[/?#]/, 1)[0]
      ?.includes('@') === true
  )
    return { fault: 'holds a user name or password' };
  if (text.includes('#')) return { fault: 'has a fragment' };
  if (!options.query && text.includes('?')) return { fault: 'has a query' };
  const url = new URL(text);
  return { url, secure: url.protocol === 'https:', loopback: isLoopback(url.hostname) };
}

const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet('127.0.0.0', 8, 'ipv4');

/** True for `localhost`, addresses in 127.0.0.0/8 and `[::1]`, as a URL's host name spells them. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && loopbackAddresses.check(hostname));
}
