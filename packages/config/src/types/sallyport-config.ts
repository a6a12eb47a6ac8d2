import type { RateLimit } from '@sallyport/core';
import type { PublicMethod, SignatureAlgorithm } from './config-input.ts';

/** A trusted issuer, defaults filled. */
export interface IssuerConfig {
  /** As written, byte for byte. */
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly profile: 'rfc9068';
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly tokens: 'jwt';
  /** Absent: the issuer's metadata says where its keys are. */
  readonly jwksUri?: string;
  readonly strictAudience: boolean;
  /** Absent: any client of the issuer. Never empty. */
  readonly allowedClients?: readonly string[];
  readonly allowPrivateAddresses: boolean;
}

/** The audit log, defaults filled. */
export interface AuditConfig {
  /** Absolute path. */
  readonly directory: string;
  readonly stream: string;
  readonly mode: 'strict' | 'available';
  readonly level: 'metadata';
  /** A secret: never log it. Absent: the audit log generates one. */
  readonly hashKey?: string;
  readonly origin: string;
}

export interface NetworkConfig {
  /** Lower case; an entry without a port stands for any port. Never empty. */
  readonly allowedHosts: readonly string[];
  /** Serialized origins (RFC 6454 §6.1). */
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[] | number;
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
  readonly audit: AuditConfig;
  readonly network: NetworkConfig;
  readonly rateLimits: { readonly perAddress: RateLimit; readonly perPrincipal: RateLimit };
  readonly publicMethods: readonly PublicMethod[];
  readonly limits: { readonly bodyBytes: number; readonly jsonDepth: number; readonly tokenBytes: number };
  readonly legacy: 'stateless' | 'handler' | 'reject';
  readonly dangerouslyAllowInsecureIssuers: boolean;
  /** What an operator should know, one line each, to be logged at start. Holds no secret. */
  readonly warnings: readonly string[];
}
