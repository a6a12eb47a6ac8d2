/** What a scope must look like, for messages. */
export const scopeTokenRule =
  'must be a scope: 1 to 256 printable ASCII characters without space, quote and backslash (RFC 6749 section 3.3)';

/** Whether a text is a scope-token of RFC 6749 §3.3 (%x21 / %x23-5B / %x5D-7E). Anything else could break out of a challenge header. */
export function isScopeToken(text: string): boolean {
  return text.length <= 256 && /^[\u0021\u0023-\u005B\u005D-\u007E]+$/.test(text);
}

/** Asks the issuer for a refresh token. It is between client and issuer: no operation needs it, and no challenge may name it. */
export const offlineAccess = 'offline_access';

/** What is wrong with `offline_access` as a scope of a server, for messages. */
export const offlineAccessProblem = '"offline_access" is between a client and its issuer: no operation can need it';
export const offlineAccessRemedy = 'remove it; clients that want a refresh token ask for it themselves';
