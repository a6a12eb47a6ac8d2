import type { AuthInfo } from '@modelcontextprotocol/server';
import type { Principal } from '@sallyport/core';

/**
 * The SDK's `AuthInfo` for one call of a principal. The token itself is withheld: no handler and no tool ever sees it.
 * Every call gets its own, because the list of scopes and the URL in it can be changed.
 */
export function authInfoFor(principal: Principal, resource: string): AuthInfo {
  return {
    token: 'withheld',
    clientId: principal.clientId ?? '',
    scopes: [...principal.scopes],
    expiresAt: principal.expiresAt,
    resource: new URL(resource),
    extra: { principal },
  };
}
