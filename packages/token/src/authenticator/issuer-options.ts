import type { IntrospectionOptions } from '../introspection/introspection-options.ts';
import type { LogoutOptions } from '../logout/logout-options.ts';
import type { ClaimOverrides } from '../profile/claim-map.ts';
import type { ProfileName } from '../profile/issuer-profile.ts';

/** An issuer of access tokens, as configured. */
export interface IssuerOptions {
  /**
   * Issuer identifier, compared byte for byte with `iss` and with the issuer's metadata. For many tenants of Entra the template
   * `https://login.microsoftonline.com/{tenantid}/v2.0`, together with `tenants`.
   */
  readonly issuer: string;
  /** The tenants of a template whose tokens are accepted, as lower-case GUIDs. */
  readonly tenants?: readonly string[] | undefined;
  /** Accepted `aud` values; default: the resource. */
  readonly audience?: readonly string[] | undefined;
  /** Where the issuer keeps things in its tokens. Default `rfc9068`. */
  readonly profile?: ProfileName | undefined;
  /** Single places where the issuer keeps things elsewhere than its profile says. */
  readonly claims?: ClaimOverrides | undefined;
  /** Entra only: grant the application permissions (`roles`) of an application without a user as scopes. Default false. */
  readonly appOnlyRoles?: boolean | undefined;
  /** Accepted signature algorithms, asymmetric ones only. */
  readonly algorithms: readonly string[];
  /** Kind of access tokens; `auto`: a token that says it is a JWT is one, every other is opaque. Default `jwt`. */
  readonly tokens?: 'jwt' | 'opaque' | 'auto' | undefined;
  /** How opaque tokens are checked; required for them, not used for others. */
  readonly introspection?: IntrospectionOptions | undefined;
  /** Where the keys are; default: `jwks_uri` of the issuer's metadata. */
  readonly jwksUri?: string | undefined;
  /** Refuse tokens whose `aud` names somebody else too. Default false. */
  readonly strictAudience?: boolean | undefined;
  /** Client ids that may use the resource; default: any. */
  readonly allowedClients?: readonly string[] | undefined;
  /** Accept logout tokens of the issuer. Default: not. */
  readonly backChannelLogout?: LogoutOptions | undefined;
  /** Fetch keys from private and loopback addresses too. Default false. */
  readonly allowPrivateAddresses?: boolean | undefined;
}
