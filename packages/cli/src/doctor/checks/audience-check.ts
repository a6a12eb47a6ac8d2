import type { IssuerConfig, SallyportConfig } from '@sallyport/config';
import { audienceAdvice } from '../advice/audience-advice.ts';
import { vendorOf, vendorOfUrl } from '../advice/vendor.ts';
import { pass, warn, type Finding } from '../finding.ts';

/** Where an issuer puts something else into `aud` than the resource, the config has to say so. A token decides it for certain. */
export function checkAudiences(
  config: SallyportConfig,
  { withToken }: { readonly withToken: boolean },
): readonly Finding[] {
  return config.issuers.flatMap((issuer, index) => [
    ...checkProfile(issuer, index),
    ...(withToken ? [] : [checkAudience(issuer, index, config)]),
  ]);
}

function checkAudience(issuer: IssuerConfig, index: number, { resource }: SallyportConfig): Finding {
  const field = `issuers[${index}].audience`;
  const vendor = vendorOf(issuer);
  const isResource = issuer.audience.every((audience) => audience === resource);
  const accepted = `${issuer.issuer}: ${issuer.audience.join(' or ')}`;
  const [audience = resource] = issuer.audience;
  const other = audience === resource ? undefined : withoutSlash(audience) === withoutSlash(resource);
  if (other === true) {
    return warn(
      'audience',
      `${accepted}: only the final slash differs from the resource`,
      `set ${field} to ["${resource}"], and the same at the issuer`,
    );
  }
  if (isResource && (vendor === 'entra' || vendor === 'cognito' || vendor === 'authentik' || vendor === 'workos')) {
    const { note, remedy } = audienceAdvice({ vendor, audiences: [], clientId: undefined, resource, field });
    const why = vendor === 'entra' ? 'Entra v2 puts the app id there, not the resource URL' : (note ?? '');
    return warn('audience', `${accepted}: ${why}`, remedy);
  }
  if (isResource && vendor === 'keycloak') {
    const { remedy } = audienceAdvice({ vendor, audiences: [], clientId: undefined, resource, field });
    return warn(
      'audience',
      `${accepted}: Keycloak names it only when a mapper adds it`,
      `${remedy}; a token decides it: --token-file`,
    );
  }
  return pass('audience', accepted);
}

function checkProfile({ issuer, profile }: IssuerConfig, index: number): readonly Finding[] {
  const vendor = vendorOfUrl(issuer);
  if (vendor === undefined || vendor === 'workos' || vendor === 'authentik' || vendor === 'other') return [];
  if (vendor === profile || (profile === 'rfc9068' && vendor === 'auth0')) return [];
  return [
    warn(
      'profile',
      `${issuer} looks like ${vendor}, and its profile is ${profile}: tokens with another typ or other claims are refused`,
      `set issuers[${index}].profile to "${vendor}"`,
    ),
  ];
}

function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text;
}
