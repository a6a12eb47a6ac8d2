import type { Issuer } from '../authenticator/issuer.ts';
import { checkKeyIssuer } from '../authenticator/verify-token.ts';
import { findKey } from '../keys/find-key.ts';
import type { LogoutIssuer } from './verify-logout-token.ts';

/** The issuers whose logout tokens are accepted, by `iss`. They are checked with the keys of their access tokens. */
export function logoutIssuersOf(issuers: ReadonlyMap<string, Issuer>): ReadonlyMap<string, LogoutIssuer> {
  const found = new Map<string, LogoutIssuer>();
  for (const [iss, issuer] of issuers) {
    const { logout, algorithms, keys } = issuer;
    if (logout === undefined) continue;
    found.set(iss, {
      audience: new Set(logout.audience),
      requireType: logout.requireType ?? false,
      algorithms,
      async findKey(kid, algorithm) {
        const key = await findKey(keys, kid, algorithm);
        checkKeyIssuer(key, issuer);
        return key;
      },
    });
  }
  return found;
}
