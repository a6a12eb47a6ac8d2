/** An absolute http or https URI in a form in which equal URIs are equal strings. */
export interface HttpUri {
  /** Without query and fragment. */
  readonly normalized: string;
  /** Whether there was a query or a fragment. */
  readonly hasMore: boolean;
}

/** Unreserved and reserved characters of RFC 3986 §2.2, §2.3, and percent-encoded octets. Nothing else, so that nobody repairs it differently. */
const CHARACTERS = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\dA-Fa-f]{2})*$/;
const PARTS = /^(https?):\/\/([^/?#]*)([^?#]*)([?#].*)?$/is;
/** A name, an IPv4 address or an IP literal, and a port. No user information: nobody may look as if they were the host. */
const AUTHORITY = /^(\[[^[\]@]+\]|[^:@[\]]+)(?::(\d*))?$/;
const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
]);

/**
 * Normalises an absolute http or https URI by syntax and by scheme (RFC 3986 §6.2.2, §6.2.3): case of scheme, host and percent-encoding,
 * encoded unreserved characters, dot segments, default and empty port, empty path. It does no more than that: a WHATWG parser would also
 * take backslashes, tabs and numbers for hosts. `undefined` for everything that is not such a URI.
 */
export function readHttpUri(text: string): HttpUri | undefined {
  if (!CHARACTERS.test(text)) return undefined;
  const [, rawScheme = '', rawAuthority = '', rawPath = '', more] = PARTS.exec(text) ?? [];
  const [, rawHost, port = ''] = AUTHORITY.exec(rawAuthority) ?? [];
  if (rawHost === undefined) return undefined;
  const scheme = rawScheme.toLowerCase();
  const host = decodeUnreserved(decodeUnreserved(rawHost).toLowerCase());
  const shownPort = port === '' || port === DEFAULT_PORTS.get(scheme) ? '' : `:${port}`;
  const path = withoutDotSegments(decodeUnreserved(rawPath));
  return { normalized: `${scheme}://${host}${shownPort}${path}`, hasMore: more !== undefined };
}

/** Decodes what needs no encoding, and writes the rest in upper case. */
function decodeUnreserved(text: string): string {
  return text.replace(/%[\dA-Fa-f]{2}/g, (encoded) => {
    const char = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return /[A-Za-z\d\-._~]/.test(char) ? char : encoded.toUpperCase();
  });
}

/** `remove_dot_segments` of RFC 3986 §5.2.4 for a path that is absolute or empty. */
function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const isDots = segment === '.' || segment === '..';
    if (segment === '..') kept.pop();
    if (!isDots) kept.push(segment);
    else if (index === segments.length - 1) kept.push('');
  }
  return `/${kept.join('/')}`;
}
