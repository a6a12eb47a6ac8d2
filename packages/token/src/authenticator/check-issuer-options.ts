import type { IntrospectionOptions } from '../introspection/introspection-options.ts';
import { signatureAlgorithms } from '../jwt/algorithms.ts';
import { readOutboundUrl } from '../keys/outbound-url.ts';
import type { IssuerProfile } from '../profile/issuer-profile.ts';
import { profiles } from '../profile/profiles.ts';
import { isTenantId, isTenantTemplate, metadataOfTemplate } from '../profile/tenant-template.ts';
import { invalid } from './invalid.ts';
import type { IssuerOptions } from './issuer-options.ts';

/** Options that were looked up or parsed while they were checked. */
export interface CheckedIssuerOptions {
  readonly profile: IssuerProfile;
  readonly tokens: 'jwt' | 'opaque' | 'auto';
  readonly jwksUri: URL | undefined;
  readonly introspectionEndpoint: URL | undefined;
}

/** Checks what the types of the options do not rule out. Throws `SetupError`; `field` names them in it. */
export function checkIssuerOptions(
  options: IssuerOptions,
  field: string,
  allowInsecureLoopback: boolean,
): CheckedIssuerOptions {
  const { issuer, tokens = 'jwt', introspection } = options;
  const optionalUrl = (text: string | undefined, name: string): URL | undefined =>
    text === undefined ? undefined : checkUrl(text, `${field}.${name}`, allowInsecureLoopback);

  const isTemplate = isTenantTemplate(issuer);
  checkUrl(isTemplate ? metadataOfTemplate(issuer) : issuer, `${field}.issuer`, allowInsecureLoopback);
  if (issuer.includes('?'))
    throw invalid(`${field}.issuer`, 'has a query', 'use the issuer identifier exactly as the provider publishes it');
  const jwksUri = optionalUrl(options.jwksUri, 'jwksUri');
  const introspectionEndpoint = optionalUrl(introspection?.endpoint, 'introspection.endpoint');

  const profile = profiles.get(options.profile ?? 'rfc9068');
  if (profile === undefined)
    throw invalid(
      `${field}.profile`,
      `is ${JSON.stringify(options.profile)}`,
      `use one of ${[...profiles.keys()].join(', ')}`,
    );
  checkTenants(options, field, profile);
  if (options.appOnlyRoles === true && profile.name !== 'entra')
    throw invalid(`${field}.appOnlyRoles`, `has no meaning with the profile ${profile.name}`, 'remove it');
  // Whoever has a project at Google can get an identity token for any audience: only the list says who may come in.
  if (profile.name === 'google' && (options.allowedClients ?? []).length === 0)
    throw invalid(`${field}.allowedClients`, 'is missing', 'list the unique ids of the service accounts that may call');
  checkAlgorithms(options, field);
  if (options.audience !== undefined && (options.audience.length === 0 || options.audience.includes(''))) {
    throw invalid(
      `${field}.audience`,
      'is empty',
      'list the audience of your tokens, or leave the field out for the resource',
    );
  }

  if (!['jwt', 'opaque', 'auto'].includes(tokens))
    throw invalid(`${field}.tokens`, `is ${JSON.stringify(tokens)}`, 'use "jwt", "opaque" or "auto"');
  if (tokens !== 'jwt' && introspection === undefined)
    throw invalid(`${field}.introspection`, 'is missing', 'opaque tokens need it: add clientId and clientSecret');
  if (tokens !== 'jwt' && isTemplate)
    throw invalid(`${field}.tokens`, `is "${tokens}", but the issuer is a template`, 'remove it');
  if (introspection !== undefined) checkIntrospection(options, introspection, `${field}.introspection`);
  return { profile, tokens, jwksUri, introspectionEndpoint };
}

function checkTenants({ issuer, tenants }: IssuerOptions, field: string, profile: IssuerProfile): void {
  if (!isTenantTemplate(issuer)) {
    if (tenants !== undefined)
      throw invalid(`${field}.tenants`, 'is set, but the issuer is not a template', 'remove it');
    return;
  }
  if (profile.name !== 'entra' || !issuer.endsWith('/{tenantid}/v2.0'))
    throw invalid(
      `${field}.issuer`,
      'has a placeholder',
      'only the profile "entra" has templates: https://login.microsoftonline.com/{tenantid}/v2.0',
    );
  if (tenants === undefined || tenants.length === 0)
    throw invalid(`${field}.tenants`, 'is missing', 'list the ids of the tenants whose users may come in');
  for (const tenant of tenants) {
    if (!isTenantId(tenant))
      throw invalid(`${field}.tenants`, `has ${JSON.stringify(tenant)}`, 'use the tenant ids, GUIDs in lower case');
  }
  if (new Set(tenants).size < tenants.length)
    throw invalid(`${field}.tenants`, 'names a tenant twice', 'list every tenant once');
}

function checkAlgorithms(options: IssuerOptions, field: string): void {
  const known = [...signatureAlgorithms.keys()].join(', ');
  if (options.algorithms.length === 0) throw invalid(`${field}.algorithms`, 'is empty', `list one or more of ${known}`);
  for (const algorithm of options.algorithms) {
    if (!signatureAlgorithms.has(algorithm))
      throw invalid(`${field}.algorithms`, `has ${JSON.stringify(algorithm)}`, `use only ${known}`);
  }
}

function checkIntrospection(options: IssuerOptions, introspection: IntrospectionOptions, field: string): void {
  const { clientId, cacheSeconds = 30, audienceless } = introspection;
  if (typeof clientId !== 'string' || clientId === '')
    throw invalid(`${field}.clientId`, 'is missing', 'set the client id of this server at the issuer');
  if (!(typeof cacheSeconds === 'number' && cacheSeconds >= 0 && cacheSeconds <= 3_600))
    throw invalid(`${field}.cacheSeconds`, `is ${String(cacheSeconds)}`, 'use a number of seconds from 0 to 3600');
  if (audienceless === true && (options.allowedClients ?? []).length === 0)
    throw invalid(
      `${field}.audienceless`,
      'is true, but allowedClients is missing',
      'list the clients whose tokens are meant for this server',
    );
}

function checkUrl(text: string, field: string, allowInsecureLoopback: boolean): URL {
  const url = readOutboundUrl(text, allowInsecureLoopback);
  if (typeof url === 'string')
    throw invalid(field, `${JSON.stringify(text)} ${url}`, 'use the https URL of the provider');
  return url;
}
