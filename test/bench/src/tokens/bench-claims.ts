import { resource, toolScope } from '../server/call.ts';
import type { TokenPart } from './signing-key.ts';

/** The claims of a token that may call the tools, for an hour from now. */
export function benchClaims(issuer: string): TokenPart {
  const now = Math.floor(Date.now() / 1000);
  const who = { iss: issuer, aud: resource, sub: 'bench', client_id: 'bench', scope: toolScope };
  return { ...who, iat: now - 600, exp: now + 3600 };
}
