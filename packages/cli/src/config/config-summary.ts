import type { Card } from '@sallyport/card';
import type { IntrospectionConfig, IssuerConfig, SallyportConfig } from '@sallyport/config';

/** The effective values of a configuration, fit to be shown. */
export interface ConfigSummary {
  readonly file: string | undefined;
  readonly hash: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly card: {
    readonly name: string;
    readonly version: string;
    readonly policy: string;
    readonly tools: number;
    readonly resources: number;
    readonly prompts: number;
  };
  readonly warnings: readonly string[];
}

/** Names every value that is shown, so that a secret a later version adds to the configuration does not show up by itself. */
export function configSummary(config: SallyportConfig, card: Card): ConfigSummary {
  const { audit, network, rateLimits, limits } = config;
  return {
    file: config.file,
    hash: config.hash,
    config: {
      resource: config.resource,
      issuers: config.issuers.map(issuerSummary),
      clockSkewSeconds: config.clockSkewSeconds,
      card: typeof config.card === 'string' ? config.card : 'inline',
      signInScopes: config.signInScopes,
      publish: config.publish,
      drift: config.drift,
      enforcement: config.enforcement,
      stepUp: config.stepUp,
      cursorKey: config.cursorKey === undefined ? 'random, for this process alone' : 'set',
      audit: {
        directory: audit.directory,
        stream: audit.stream,
        mode: audit.mode,
        level: audit.level,
        origin: audit.origin,
        hashKey: audit.hashKey === undefined ? 'generated beside the log' : 'set',
      },
      network: {
        allowedHosts: network.allowedHosts,
        allowedOrigins: network.allowedOrigins,
        trustedProxies: network.trustedProxies,
      },
      rateLimits: { perAddress: rateLimits.perAddress, perPrincipal: rateLimits.perPrincipal },
      publicMethods: config.publicMethods,
      ...(config.enterpriseToken !== undefined && {
        enterpriseToken: { header: config.enterpriseToken.header, ...issuerSummary(config.enterpriseToken) },
      }),
      log: config.log,
      revocation: {
        file: config.revocation.file ?? 'none: in memory',
        lifetimeSeconds: config.revocation.lifetimeSeconds,
      },
      limits: { bodyBytes: limits.bodyBytes, jsonDepth: limits.jsonDepth, tokenBytes: limits.tokenBytes },
      legacy: config.legacy,
      dangerouslyAllowInsecureIssuers: config.dangerouslyAllowInsecureIssuers,
    },
    card: {
      name: card.name,
      version: card.version,
      policy: card.policy,
      tools: card.access.tools.size,
      resources: card.access.resources.size,
      prompts: card.access.prompts.size,
    },
    warnings: config.warnings.map(({ text }) => text),
  };
}

function issuerSummary(issuer: IssuerConfig): Readonly<Record<string, unknown>> {
  return {
    issuer: issuer.issuer,
    audience: issuer.audience,
    ...(issuer.tenants !== undefined && { tenants: issuer.tenants }),
    profile: issuer.profile,
    ...(issuer.claims !== undefined && { claims: issuer.claims }),
    ...(issuer.appOnlyRoles && { appOnlyRoles: true }),
    algorithms: issuer.algorithms,
    tokens: issuer.tokens,
    ...(issuer.introspection !== undefined && { introspection: introspectionSummary(issuer.introspection) }),
    jwksUri: issuer.jwksUri ?? 'from the metadata of the issuer',
    strictAudience: issuer.strictAudience,
    allowedClients: issuer.allowedClients ?? 'any',
    allowPrivateAddresses: issuer.allowPrivateAddresses,
    ...(issuer.backChannelLogout !== undefined && { backChannelLogout: issuer.backChannelLogout }),
  };
}

function introspectionSummary(introspection: IntrospectionConfig): Readonly<Record<string, unknown>> {
  return {
    clientId: introspection.clientId,
    clientSecret: introspection.clientSecret === undefined ? 'none' : 'set',
    privateKey: introspection.privateKey === undefined ? 'none' : 'set',
    ...(introspection.keyId !== undefined && { keyId: introspection.keyId }),
    clientAuthentication: introspection.clientAuthentication,
    endpoint: introspection.endpoint ?? 'from the metadata of the issuer',
    cacheSeconds: introspection.cacheSeconds,
    signedResponse: introspection.signedResponse,
    audienceless: introspection.audienceless,
  };
}
