import { hash } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';

/** What a token can be bound to: the public key of DPoP proofs (RFC 9449), or a client certificate in DER (RFC 8705). */
export type TokenBinding = JWK | Uint8Array;

/** The members of `cnf` (RFC 7800 §3.1) that stand for a binding. */
export interface Confirmation {
  readonly jkt?: string;
  readonly 'x5t#S256'?: string;
}

export async function confirmationOf(binding: TokenBinding): Promise<Confirmation> {
  if (binding instanceof Uint8Array) return { 'x5t#S256': hash('sha256', binding, 'base64url') };
  return { jkt: await calculateJwkThumbprint(binding) };
}
