import type { LogEventCode, LogLevel, RateLimit } from '@sallyport/core';
import type { AnchorConfig } from './audit-anchor.ts';
import type { ExportConfig } from './audit-export-config.ts';
import type { ClaimsInput, IssuerProfileName, PublicMethod, SignatureAlgorithm } from './config-input.ts';

/** Token introspection at one issuer, defaults filled. */
export interface IntrospectionConfig {
  readonly clientId: string;
  /** A secret: never log it. */
  readonly clientSecret?: string;
  /** A secret: never log it. */
  readonly privateKey?: string;
  readonly keyId?: string;
  readonly clientAuthentication: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';
  /** Absent: the issuer's metadata says where to ask. */
  readonly endpoint?: string;
  readonly cacheSeconds: number;
  readonly signedResponse: boolean;
  readonly audienceless: boolean;
}

/** A trusted issuer, defaults filled. */
export interface IssuerConfig {
  /** As written, byte for byte: an issuer identifier, or the template of one. */
  readonly issuer: string;
  /** The tenants of a template; absent for every other issuer. Never empty. */
  readonly tenants?: readonly string[];
  readonly audience: readonly string[];
  readonly profile: IssuerProfileName;
  readonly claims?: ClaimsInput;
  readonly appOnlyRoles: boolean;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly tokens: 'jwt' | 'opaque' | 'auto';
  /** How opaque tokens are checked; always present when there are some. */
  readonly introspection?: IntrospectionConfig;
  /** Absent: the issuer's metadata says where its keys are. */
  readonly jwksUri?: string;
  readonly strictAudience: boolean;
  /** Absent: any client of the issuer. Never empty. */
  readonly allowedClients?: readonly string[];
  readonly allowPrivateAddresses: boolean;
  /** Absent: logout tokens of the issuer are refused. */
  readonly backChannelLogout?: { readonly audience: readonly string[]; readonly requireType: boolean };
}

/** An issuer whose tokens a trusted proxy puts into a header of their own, defaults filled. */
export interface EnterpriseTokenConfig extends IssuerConfig {
  /** As written. */
  readonly header: string;
}

/** The audit log, defaults filled. */
export interface AuditConfig {
  /** Absolute path. */
  readonly directory: string;
  readonly stream: string;
  /** Absolute path. Absent: there is no second copy. */
  readonly mirror?: string;
  readonly mode: 'strict' | 'at-least-one' | 'available';
  readonly level: 'metadata' | 'request' | 'full';
  readonly rotate: { readonly bytes: number; readonly hours: number };
  /** Absent: nothing is deleted. */
  readonly retention?: { readonly days: number; readonly bytes?: number };
  /** A secret: never log it. Absent: the audit log generates one. */
  readonly hashKey?: string;
  readonly pseudonymizeSubjects: boolean;
  readonly origin: string;
  /** A secret: never log it. Absent: the audit log generates one. */
  readonly signingKey?: string;
  /** A secret: never log it. */
  readonly previousSigningKey?: string;
  readonly anchors: readonly AnchorConfig[];
  /** Names are unique. */
  readonly export: readonly ExportConfig[];
}

export interface NetworkConfig {
  /** Lower case; an entry without a port stands for any port. Never empty. */
  readonly allowedHosts: readonly string[];
  /** Serialized origins (RFC 6454 §6.1). */
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[] | number;
}

/** Tokens bound to a key of the client (RFC 9449), defaults filled. */
export interface DpopConfig {
  readonly mode: 'off' | 'accept' | 'require';
  /** In the order they are advertised. */
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly iatWindowSeconds: number;
  readonly strictHtu: boolean;
  readonly nonce: boolean;
  /** A secret: never log it. Absent: every process makes its own. */
  readonly nonceKey?: string;
  readonly nonceLifetimeSeconds: number;
}

/** Help for clients that do not step up as MCP says, defaults filled. */
export interface StepUpConfig {
  readonly securitySchemes: boolean;
  readonly listDisclosedTools: boolean;
  /** Client ids, or `*` for all. */
  readonly wwwAuthenticateMetaFor: readonly string[];
  readonly repeatGrantedScopes: boolean;
}

/** Spans and metrics, defaults filled. */
export interface TelemetryConfig {
  readonly mode: 'spans' | 'propagation-only' | 'off';
  readonly conventions: '1.41' | 'gen_ai_latest_experimental';
  readonly remoteParent: 'parent' | 'link' | 'ignore';
  readonly content: 'none' | 'arguments' | 'arguments-and-results';
  /** Absent: there is no scrape endpoint. */
  readonly prometheus?: PrometheusConfig;
}

/** A Prometheus scrape endpoint, defaults filled. */
export interface PrometheusConfig {
  readonly listen: boolean;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly path: string;
}

export interface RevocationConfig {
  /** Absolute path. Absent: revocations are in memory. */
  readonly file?: string;
  /** How long a revocation is kept that names no end. */
  readonly lifetimeSeconds: number;
}

/** Something in a valid configuration that somebody should look at. */
export interface ConfigWarning {
  /** The operational log line that says it. */
  readonly event: LogEventCode;
  /** The field it is about, where the text of the line does not say so. */
  readonly field?: string;
  /** One line for a person: what it is, and what to do. */
  readonly text: string;
}

/** A validated configuration: every default filled, every path absolute, deeply frozen. */
export interface SallyportConfig {
  /** Absolute path of the config file; absent for an inline object. */
  readonly file?: string;
  /** `sha256:<hex>` over the effective values, without secrets, `file` and `warnings`. */
  readonly hash: string;
  /** As written. Its path is where MCP is mounted. */
  readonly resource: string;
  /** At least one. */
  readonly issuers: readonly IssuerConfig[];
  readonly clockSkewSeconds: number;
  /** The absolute path of the Server Card, or the card. */
  readonly card: string | object;
  readonly signInScopes: readonly string[];
  readonly publish: 'full' | 'identity';
  readonly drift: 'error' | 'warn';
  readonly enforcement: 'enforce' | 'observe';
  readonly stepUp: StepUpConfig;
  /** A secret: never log it. Absent: every process makes its own. */
  readonly cursorKey?: string;
  readonly audit: AuditConfig;
  readonly log: { readonly level: LogLevel };
  readonly telemetry: TelemetryConfig;
  readonly network: NetworkConfig;
  readonly rateLimits: { readonly perAddress: RateLimit; readonly perPrincipal: RateLimit };
  readonly publicMethods: readonly PublicMethod[];
  readonly dpop: DpopConfig;
  /** Absent: no certificate is believed. */
  readonly clientCertificate?: { readonly header: string };
  /** Absent: the header is ignored. With it `network.trustedProxies` is a list that is not empty. */
  readonly enterpriseToken?: EnterpriseTokenConfig;
  readonly revocation: RevocationConfig;
  readonly limits: { readonly bodyBytes: number; readonly jsonDepth: number; readonly tokenBytes: number };
  readonly legacy: 'stateless' | 'handler' | 'reject';
  readonly dangerouslyAllowInsecureIssuers: boolean;
  /** What an operator should know, to be logged at start. Holds no secret. */
  readonly warnings: readonly ConfigWarning[];
}
