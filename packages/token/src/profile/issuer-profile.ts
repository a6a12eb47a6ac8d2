import type { Claims } from '../jwt/decode-jwt.ts';
import type { ClaimPath } from './claim-path.ts';

/** The identity providers whose tokens are known. */
export type ProfileName = 'rfc9068' | 'entra' | 'okta' | 'auth0' | 'keycloak' | 'cognito' | 'google' | 'ping';

/** How a claim writes a list of scopes: one string with spaces (RFC 6749 §3.3), a list of strings, or either. */
export type ScopeForm = 'text' | 'list' | 'either';

/** Where one kind of IdP keeps things. One source for each fact, never a union of claims. */
export interface IssuerProfile {
  readonly name: ProfileName;
  /** Accepted `typ` headers: lower case, without `application/`. `null` stands for a header without `typ`. */
  readonly types: ReadonlySet<string | null>;
  /** Accepted `typ` claims of the payload, written the same way. */
  readonly payloadTypes: ReadonlySet<string>;
  /** A claim that must be there because the header does not say what the token is: without it the token is of another kind. */
  readonly kindClaim?: 'typ' | 'token_use';
  /** What betrays another kind of token of this IdP, in words. */
  confusion?(claims: Claims): string | undefined;
  /** The client id: the first of these claims that is there. No token of the IdP has two of them. */
  readonly clientId: readonly string[];
  /** The granted scopes. A claim of another form grants nothing. `null`: tokens of this IdP carry none. */
  readonly scopes: { readonly path: ClaimPath; readonly form: ScopeForm } | null;
  readonly tenant: ClaimPath | null;
  readonly groups: ClaimPath | null;
  readonly roles: ClaimPath | null;
  /** What identifies this one token. */
  readonly tokenId: string;
  /** Tokens without `aud` are meant for the clients they were issued to: the client id is compared with the audience. */
  readonly clientIsAudience?: true;
  /** Entries of `aud` besides ours that the IdP adds for itself. */
  ownAudiences?(issuer: string): readonly string[];
}

/** `typ` claims that some providers put into the payloads of access tokens. */
export const accessTokenTypes: ReadonlySet<string> = new Set(['at+jwt', 'bearer', 'dpop']);
