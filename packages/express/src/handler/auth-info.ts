import type { AuthInfo } from '@modelcontextprotocol/server';
import type { Principal } from '@sallyport/core';

/** The SDK's `AuthInfo` for a principal. The token itself is withheld: no handler and no tool ever sees it. */
export function authInfoFor(principal: Principal, resource: string): AuthInfo {
  const known = infos.get(principal);
  if (known !== undefined) return known;
  const info: AuthInfo = Object.freeze({
    token: 'withheld',
    clientId: principal.clientId ?? '',
    scopes: [...principal.scopes],
    expiresAt: principal.expiresAt,
    resource: new URL(resource),
    extra: Object.freeze({ principal }),
  });
  infos.set(principal, info);
  return info;
}

const infos = new WeakMap<Principal, AuthInfo>();
