import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { readRate } from '../checks/rate.ts';
import { isLoopback } from '../checks/strict-url.ts';
import type { AuditValues, ConfigValues, IntrospectionValues, IssuerValues } from '../types/config-values.ts';
import { resolveAnchors } from './resolve-anchors.ts';
import { resolveExports } from './resolve-exports.ts';
import type { AuditConfig, IntrospectionConfig, IssuerConfig, SallyportConfig } from '../types/sallyport-config.ts';

/** Fills the defaults that depend on other fields and makes paths absolute. */
export function resolveConfig(
  values: ConfigValues,
  baseDirectory: string,
): Omit<SallyportConfig, 'file' | 'hash' | 'warnings'> {
  return {
    resource: values.resource,
    issuers: (values.issuers ?? []).map((issuer) => resolveIssuer(issuer, values.resource)),
    clockSkewSeconds: values.clockSkewSeconds,
    card: typeof values.card === 'string' ? resolve(baseDirectory, values.card) : values.card,
    signInScopes: values.signInScopes,
    publish: values.publish,
    drift: values.drift,
    enforcement: values.enforcement,
    stepUp: values.stepUp,
    ...(values.cursorKey === undefined ? {} : { cursorKey: values.cursorKey }),
    audit: resolveAudit(values.audit, values.resource, baseDirectory),
    log: values.log,
    telemetry: values.telemetry,
    network: {
      allowedHosts: values.network.allowedHosts?.map((host) => host.toLowerCase()) ?? defaultHosts(values.resource),
      allowedOrigins: values.network.allowedOrigins,
      trustedProxies: values.network.trustedProxies,
    },
    rateLimits: {
      perAddress: readRate(values.rateLimits.perAddress),
      perPrincipal: readRate(values.rateLimits.perPrincipal),
    },
    publicMethods: values.publicMethods,
    dpop: values.dpop,
    ...(values.clientCertificate === undefined ? {} : { clientCertificate: values.clientCertificate }),
    ...(values.enterpriseToken === undefined
      ? {}
      : {
          enterpriseToken: {
            header: values.enterpriseToken.header,
            ...resolveIssuer(values.enterpriseToken, values.resource),
          },
        }),
    revocation: {
      lifetimeSeconds: values.revocation.lifetimeSeconds,
      ...(values.revocation.file === undefined ? {} : { file: resolve(baseDirectory, values.revocation.file) }),
    },
    limits: values.limits,
    legacy: values.legacy,
    dangerouslyAllowInsecureIssuers: values.dangerouslyAllowInsecureIssuers,
  };
}

function resolveIssuer(values: IssuerValues, resource: string): IssuerConfig {
  return {
    issuer: values.issuer,
    audience: values.audience ?? [resource],
    profile: values.profile,
    appOnlyRoles: values.appOnlyRoles,
    algorithms: values.algorithms,
    tokens: values.tokens,
    strictAudience: values.strictAudience,
    allowPrivateAddresses: values.allowPrivateAddresses,
    ...(values.tenants.length === 0 ? {} : { tenants: values.tenants }),
    ...(values.claims === undefined ? {} : { claims: values.claims }),
    ...(values.introspection === undefined ? {} : { introspection: resolveIntrospection(values.introspection) }),
    ...(values.jwksUri === undefined ? {} : { jwksUri: values.jwksUri }),
    ...(values.allowedClients === undefined ? {} : { allowedClients: values.allowedClients }),
    ...(values.backChannelLogout === undefined ? {} : { backChannelLogout: values.backChannelLogout }),
  };
}

function resolveIntrospection(values: IntrospectionValues): IntrospectionConfig {
  const { clientSecret } = values;
  return {
    ...values,
    clientAuthentication:
      values.clientAuthentication ?? (clientSecret === undefined ? 'private_key_jwt' : 'client_secret_basic'),
  };
}

function resolveAudit(values: AuditValues, resource: string, baseDirectory: string): AuditConfig {
  return {
    directory: resolve(baseDirectory, values.directory ?? 'audit'),
    stream: values.stream ?? streamName(hostname()),
    mode: values.mode,
    level: values.level,
    pseudonymizeSubjects: values.pseudonymizeSubjects,
    rotate: values.rotate,
    ...(values.mirror === undefined ? {} : { mirror: resolve(baseDirectory, values.mirror) }),
    ...(values.retention === undefined ? {} : { retention: values.retention }),
    origin: values.origin ?? defaultOrigin(resource),
    anchors: resolveAnchors(values.anchors, baseDirectory),
    export: resolveExports(values.export),
    ...(values.hashKey === undefined ? {} : { hashKey: values.hashKey }),
    ...(values.signingKey === undefined ? {} : { signingKey: values.signingKey }),
    ...(values.previousSigningKey === undefined ? {} : { previousSigningKey: values.previousSigningKey }),
  };
}

/** The host name as a stream name. */
export function streamName(host: string): string {
  const name = host.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 64);
  return name === '' ? 'sallyport' : name;
}

/** The resource without its scheme: unique, and it belongs to whoever runs the server. A key name may hold no plus sign. */
export function defaultOrigin(resource: string): string {
  return resource
    .replace(/^https?:\/\//, '')
    .replaceAll('+', '%2B')
    .replace(/\/$/, '')
    .slice(0, 255);
}

function defaultHosts(resource: string): readonly string[] {
  const { hostname: host } = new URL(resource);
  return isLoopback(host) ? [...new Set([host, 'localhost', '127.0.0.1', '[::1]'])] : [host];
}
