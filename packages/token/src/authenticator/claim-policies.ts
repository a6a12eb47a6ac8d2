import { acceptedAudiences, type AudiencePolicy } from '../jwt/check-audience.ts';
import type { ClaimPolicy } from '../jwt/read-principal.ts';
import { DEFAULT_LIFETIME_SECONDS } from '../introspection/read-introspection.ts';
import { createClaimMap } from '../profile/claim-map.ts';
import type { IssuerProfile } from '../profile/issuer-profile.ts';
import { isTenantTemplate, tenantOfIssuer } from '../profile/tenant-template.ts';
import type { IssuerOptions } from './issuer-options.ts';

export interface ClaimPolicyContext {
  readonly resource: string;
  readonly clockSkewSeconds: number;
}

/** What the claims of an issuer's JWTs are checked against. `iss` is the issuer, or one tenant's where the options name a template. */
export function jwtPolicy(
  options: IssuerOptions,
  profile: IssuerProfile,
  iss: string,
  context: ClaimPolicyContext,
): ClaimPolicy {
  const tenant = profile.name === 'entra' ? tenantOfIssuer(iss) : undefined;
  return {
    ...common(options, iss, context),
    proof: 'jwt',
    map: createClaimMap({ profile, overrides: options.claims, appOnlyRoles: options.appOnlyRoles }),
    audience: audiencePolicy(options, profile, context, profile.clientIsAudience === true ? 'client' : 'refused'),
    ...(tenant !== undefined && { tenant: { id: tenant, required: isTenantTemplate(options.issuer) } }),
  };
}

/**
 * What an issuer's answers about opaque tokens are checked against. They have names of their own (RFC 7662 §2.2), whatever the issuer
 * calls things in its JWTs; what the configuration says about claims holds for both.
 */
export function introspectionPolicy(
  options: IssuerOptions,
  profile: IssuerProfile,
  context: ClaimPolicyContext,
): ClaimPolicy {
  const standard: IssuerProfile = {
    ...profile,
    clientId: ['client_id'],
    scopes: { path: 'scope', form: 'text' },
    tokenId: 'jti',
  };
  return {
    ...common(options, options.issuer, context),
    proof: 'introspection',
    map: createClaimMap({ profile: standard, overrides: options.claims }),
    audience: audiencePolicy(
      options,
      profile,
      context,
      options.introspection?.audienceless === true ? 'accepted' : 'refused',
    ),
    optionalTimes: { lifetimeSeconds: DEFAULT_LIFETIME_SECONDS, issuedAt: true },
    clientIsSubject: true,
  };
}

function common(
  options: IssuerOptions,
  iss: string,
  context: ClaimPolicyContext,
): Pick<ClaimPolicy, 'issuer' | 'allowedClients' | 'clockSkewSeconds'> {
  return {
    issuer: iss,
    allowedClients: options.allowedClients === undefined ? undefined : new Set(options.allowedClients),
    clockSkewSeconds: context.clockSkewSeconds,
  };
}

function audiencePolicy(
  options: IssuerOptions,
  profile: IssuerProfile,
  context: ClaimPolicyContext,
  absent: AudiencePolicy['absent'],
): AudiencePolicy {
  return {
    accepted: acceptedAudiences(options.audience ?? [context.resource]),
    known: new Set(profile.ownAudiences?.(options.issuer)),
    strict: options.strictAudience ?? false,
    absent,
  };
}
