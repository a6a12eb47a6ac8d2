import type { AuditInput } from './audit-input.ts';
import type { ClientCertificateInput, DpopInput } from './binding-input.ts';
import type { BackChannelLogoutInput, RevocationInput } from './revocation-input.ts';
import type { StepUpInput } from './step-up-input.ts';
import type { TelemetryInput } from './telemetry-input.ts';

/** A trusted issuer as the file writes it. `docs/config.md` describes every field. */
export interface IssuerInput {
  /** Issuer identifier, byte for byte the `iss` of its tokens (RFC 8414 §2), or a template for the tenants of Entra. */
  readonly issuer: string;
  /** Tenants of a template whose tokens are accepted. Default: none. */
  readonly tenants?: readonly string[];
  /** Values of `aud` that mean this server. Default: `AUDIENCE`, else the resource. */
  readonly audience?: readonly string[];
  /** Where this issuer keeps things in its tokens. Default `rfc9068`. */
  readonly profile?: IssuerProfileName;
  /** Places in the tokens that differ from the profile. */
  readonly claims?: ClaimsInput;
  /** Grant the application permissions of an application without a user as scopes. Entra only. Default false. */
  readonly appOnlyRoles?: boolean;
  /** Accepted signature algorithms. Default RS256, PS256, ES256, EdDSA. */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** Kind of access tokens. Default `jwt`. */
  readonly tokens?: 'jwt' | 'opaque' | 'auto';
  /** Key set to use instead of the one the issuer's metadata names. */
  readonly jwksUri?: string;
  /** How opaque tokens are checked (RFC 7662). */
  readonly introspection?: IntrospectionInput;
  /** Refuse tokens that also name other audiences. Default false. */
  readonly strictAudience?: boolean;
  /** Client ids that may call. Default: any client of the issuer. */
  readonly allowedClients?: readonly string[];
  /** Allow the issuer to resolve to a private address. Default false. */
  readonly allowPrivateAddresses?: boolean;
  /** Accept logout tokens of the issuer. Default: not. */
  readonly backChannelLogout?: BackChannelLogoutInput;
}

/** An issuer whose tokens a trusted proxy puts into a header of their own, as the file writes it. */
export interface EnterpriseTokenInput extends IssuerInput {
  /** The header. Default `X-Enterprise-Token`. */
  readonly header?: string;
}

/** Identity providers whose tokens are known. */
export type IssuerProfileName = 'rfc9068' | 'entra' | 'okta' | 'auth0' | 'keycloak' | 'cognito' | 'google' | 'ping';

/** Where a claim is: its name, or the names from the outermost object to it. */
export type ClaimPathInput = string | readonly string[];

/** Where an issuer keeps things, instead of where its profile says. */
export interface ClaimsInput {
  /** A string with spaces or a list of strings. */
  readonly scopes?: ClaimPathInput;
  readonly clientId?: ClaimPathInput;
  readonly tenant?: ClaimPathInput;
  readonly groups?: ClaimPathInput;
  readonly roles?: ClaimPathInput;
}

/** Token introspection at one issuer (RFC 7662), as the file writes it. */
export interface IntrospectionInput {
  /** The client id of this server at the issuer. */
  readonly clientId: string;
  /** Its secret. Either this or `privateKey` is required. */
  readonly clientSecret?: string;
  /** Its private key, PKCS #8 in PEM or a JWK. */
  readonly privateKey?: string;
  /** `kid` of the private key at the issuer. Default: the one of the JWK. */
  readonly keyId?: string;
  /** How this server authenticates. Default: `client_secret_basic` with a secret, `private_key_jwt` with a key. */
  readonly clientAuthentication?: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';
  /** Where to ask. Default: what the metadata of the issuer says. */
  readonly endpoint?: string;
  /** Seconds an answer is reused, 0 to 3600. Default 30. */
  readonly cacheSeconds?: number;
  /** Demand signed answers (RFC 9701). Default false. */
  readonly signedResponse?: boolean;
  /** Accept answers without `aud`; needs `allowedClients`. Default false. */
  readonly audienceless?: boolean;
}

/** Asymmetric signature algorithms (RFC 7518 §3.1, RFC 8037 §3.1). */
export type SignatureAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA';

/** Who may reach the endpoint, as the file writes it. */
export interface NetworkInput {
  /** Accepted `Host` headers. Default: the resource's host name, and the loopback names when it is one. */
  readonly allowedHosts?: readonly string[];
  /** Accepted `Origin` headers. Default: none. */
  readonly allowedOrigins?: readonly string[];
  /** Addresses and CIDR ranges of proxies, or how many stand in front. Default: none. */
  readonly trustedProxies?: readonly string[] | number;
}

/** Limits on the rate of requests, such as `50/s`, `3000/m` or `100/10s`. */
export interface RateLimitsInput {
  /** For each client address, before any cryptography. Default `5000/s`. */
  readonly perAddress?: string;
  /** For each authenticated principal. Default `5000/s`. */
  readonly perPrincipal?: string;
}

/** Limits on the size of requests. */
export interface LimitsInput {
  /** Bytes of a request body. Default 1048576. */
  readonly bodyBytes?: number;
  /** Nesting of a request body. Default 64. */
  readonly jsonDepth?: number;
  /** Bytes of an access token. Default 8192. */
  readonly tokenBytes?: number;
}

/** Tasks are not available yet; only the defaults are accepted. */
export interface TasksInput {
  readonly ttlMs?: 3_600_000;
  readonly maxRetries?: 3;
  readonly backoffMs?: 1000;
  readonly backoffMultiplier?: 2;
  readonly maxBackoffMs?: 30_000;
}

/** Requests that may be made without a token. */
export type PublicMethod = 'server/discover' | 'initialize' | 'ping';

/** Operational logs, as the file writes it. */
export interface LogInput {
  /** Which lines are written: those of this level and above. Default `info`. */
  readonly level?: 'info' | 'warn' | 'error';
}

/**
 * The config file as it is written, before defaults. Any string may hold `${env:NAME}` and `${file:PATH}`.
 * `docs/config.md` describes every field; `configJsonSchema` is the same as JSON Schema.
 */
export interface ConfigInput {
  /** For editors; has no effect. */
  readonly $schema?: string;
  /** Resource identifier (RFC 9728 §1.2); its path is where MCP is mounted. */
  readonly resource: string;
  /** Trusted issuers, at least one. Left out: one issuer from `ISSUER_BASE_URL`. */
  readonly issuers?: readonly IssuerInput[];
  /** Seconds by which the clocks of issuer and server may differ, 0 to 300. Default 30. */
  readonly clockSkewSeconds?: number;
  /** The Server Card: a path relative to the config file, or the card itself. */
  readonly card: string | object;
  /** Scopes a tokenless caller is asked for. Default: none. */
  readonly signInScopes?: readonly string[];
  /** How much of the card is published. Default `full`. */
  readonly publish?: 'full' | 'identity';
  /** What happens when card and server differ. Default `error`. */
  readonly drift?: 'error' | 'warn';
  /** Whether the policy refuses, or only records what it would refuse. Default `enforce`. */
  readonly enforcement?: 'enforce' | 'observe';
  readonly stepUp?: StepUpInput;
  /** Secret that seals pagination cursors. Default: random, for this process alone. */
  readonly cursorKey?: string;
  readonly audit?: AuditInput;
  readonly log?: LogInput;
  readonly telemetry?: TelemetryInput;
  /** Not available yet. */
  readonly state?: { readonly redis?: never };
  readonly network?: NetworkInput;
  readonly rateLimits?: RateLimitsInput;
  /** Methods that need no token. Default: none. */
  readonly publicMethods?: readonly PublicMethod[];
  /** A token in a header of its own, from trusted proxies. Default: none. */
  readonly enterpriseToken?: EnterpriseTokenInput;
  readonly revocation?: RevocationInput;
  readonly dpop?: DpopInput;
  readonly clientCertificate?: ClientCertificateInput;
  readonly limits?: LimitsInput;
  /** How clients of 2025-era revisions are served. Default `stateless`. */
  readonly legacy?: 'stateless' | 'handler' | 'reject';
  readonly tasks?: TasksInput;
  /** Allow http issuers on loopback hosts, for tests only. Default false. */
  readonly dangerouslyAllowInsecureIssuers?: boolean;
}
