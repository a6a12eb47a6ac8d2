/** Protected resource metadata (RFC 9728 §2), as far as this package fills it. */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly bearer_methods_supported: readonly ['header'];
  readonly scopes_supported?: readonly string[];
  readonly resource_name?: string;
  readonly tls_client_certificate_bound_access_tokens?: true;
  readonly dpop_signing_alg_values_supported?: readonly string[];
  readonly dpop_bound_access_tokens_required?: boolean;
}

export interface ProtectedResourceMetadataOptions {
  /** The resource identifier, published byte for byte. */
  readonly resource: string;
  /** Issuer identifiers, in the order clients should try them. */
  readonly authorizationServers: readonly string[];
  /** Scopes for a first sign-in. Left out when absent or empty; `offline_access` is never published. */
  readonly scopesSupported?: readonly string[] | undefined;
  /** Name for people. */
  readonly resourceName?: string | undefined;
  /** What is accepted of DPoP; left out when it is off. */
  readonly dpop?: { readonly mode: 'off' | 'accept' | 'require'; readonly algorithms: readonly string[] } | undefined;
  /** Whether tokens bound to a client certificate are accepted (RFC 8705). Default false, and then left out. */
  readonly certificateBound?: boolean | undefined;
}

/** The metadata document of a protected resource (RFC 9728). Frozen. Everything comes from the configuration, nothing from a request. */
export function protectedResourceMetadata(options: ProtectedResourceMetadataOptions): ProtectedResourceMetadata {
  const scopes = [...new Set(options.scopesSupported)].filter((scope) => scope !== 'offline_access');
  return Object.freeze({
    resource: options.resource,
    authorization_servers: Object.freeze([...new Set(options.authorizationServers)]),
    bearer_methods_supported: Object.freeze(['header'] as const),
    ...(scopes.length === 0 ? {} : { scopes_supported: Object.freeze(scopes) }),
    ...(options.resourceName === undefined ? {} : { resource_name: options.resourceName }),
    ...(options.certificateBound === true && { tls_client_certificate_bound_access_tokens: true as const }),
    ...dpopMetadata(options.dpop),
  });
}

type DpopMetadata = Pick<
  ProtectedResourceMetadata,
  'dpop_signing_alg_values_supported' | 'dpop_bound_access_tokens_required'
>;

function dpopMetadata(dpop: ProtectedResourceMetadataOptions['dpop']): DpopMetadata {
  if (dpop === undefined || dpop.mode === 'off') return {};
  return {
    dpop_signing_alg_values_supported: Object.freeze([...dpop.algorithms]),
    dpop_bound_access_tokens_required: dpop.mode === 'require',
  };
}
