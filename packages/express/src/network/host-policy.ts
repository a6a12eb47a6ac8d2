/** Which hosts may be named by a request. */
export interface HostPolicy {
  allows(authority: string): boolean;
}

/**
 * Exact host names, compared without case; an entry without a port allows any port.
 * Nothing is resolved, decoded or normalised: user info, trailing dots and other spellings of an address do not match.
 */
export function createHostPolicy(allowed: readonly string[]): HostPolicy {
  const entries = new Set(allowed.map((entry) => entry.toLowerCase()));
  return {
    allows(authority) {
      const host = authority.toLowerCase();
      if (entries.has(host)) return true;
      const name = nameOf(host);
      return name !== undefined && entries.has(name);
    },
  };
}

/** The host without its port, or `undefined` when what follows the host is not a port. */
function nameOf(authority: string): string | undefined {
  const end = authority.startsWith('[') ? authority.indexOf(']') + 1 : authority.indexOf(':');
  if (end <= 0) return undefined;
  const port = authority.slice(end);
  if (port === '') return authority;
  return port.startsWith(':') && isPort(port.slice(1)) ? authority.slice(0, end) : undefined;
}

function isPort(text: string): boolean {
  if (text.length === 0 || text.length > 5) return false;
  for (const char of text) if (char < '0' || char > '9') return false;
  return Number(text) <= 65_535;
}
