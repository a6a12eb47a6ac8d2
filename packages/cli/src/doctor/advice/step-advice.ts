import type { IssuerConfig, SallyportConfig } from '@sallyport/config';
import type { ExplainedStep, TokenExplanation } from '@sallyport/token';
import { audienceAdvice, type Advice } from './audience-advice.ts';
import { issuerAdvice } from './issuer-advice.ts';
import { vendorOf, vendorOfUrl, type Vendor } from './vendor.ts';

/** What to do about one check of a token that failed. */
export function stepAdvice(step: ExplainedStep, explanation: TokenExplanation, config: SallyportConfig): Advice {
  const { claims = {}, header = {} } = explanation;
  const { issuer, index } = issuerOf(claims['iss'], config);
  const field = `issuers[${index}]`;
  const vendor = vendorOf(issuer);
  switch (step.name) {
    case 'aud': {
      const client = ['azp', 'client_id', 'appid', 'cid']
        .map((name) => claims[name])
        .find((value) => typeof value === 'string');
      const facts = { vendor, audiences: strings(claims['aud']), clientId: text(client), resource: config.resource };
      return audienceAdvice({ ...facts, field: `${field}.audience` });
    }
    case 'iss':
      return issuerAdvice({ vendor, configured: issuer.issuer, seen: text(claims['iss']), field: `${field}.issuer` });
    case 'tenant':
      return { remedy: `the user is of another tenant: add it to ${field}.tenants if it may come in` };
    case 'alg':
      return {
        remedy: `let the issuer sign with one of ${step.expected}, or add ${JSON.stringify(text(header['alg']) ?? '')} to ${field}.algorithms if it is an asymmetric one`,
      };
    case 'key':
      return {
        remedy:
          step.reason === 'key_not_found'
            ? 'check that the token is of this very issuer and tenant, and that its key is still published; with --keys, that the file is fresh'
            : 'run doctor on the issuer: its keys can not be had',
      };
    case 'signature':
      return { remedy: 'the token was changed, or another issuer made it: get a new one' };
    case 'typ':
      return typeAdvice(issuer, vendor, field);
    case 'exp':
      return {
        remedy:
          step.reason === 'exp_missing'
            ? 'let the issuer put exp into access tokens'
            : 'get a new token; if it is new, compare the clocks (doctor does)',
      };
    case 'nbf':
    case 'iat':
      if (step.reason === 'malformed_token')
        return { remedy: `let the issuer write ${step.name} as a number of seconds, not after exp` };
      return { remedy: 'compare the clocks of issuer and server (NTP); clockSkewSeconds tolerates up to 300 s' };
    case 'sub':
      return {
        remedy:
          vendor === 'keycloak'
            ? 'Keycloak admin console > Clients > your client > Client scopes: add "basic", which has the sub mapper'
            : 'let the issuer put sub into access tokens',
      };
    case 'client':
      return step.reason === 'client_not_allowed'
        ? { remedy: `add the client id to ${field}.allowedClients if it may use this server` }
        : { remedy: `let the issuer name the client in the token, or say with ${field}.claims.clientId where it is` };
    case 'size':
      return { remedy: 'check that the file holds one access token and nothing else; limits.tokenBytes is the limit' };
    case 'form':
      return {
        remedy: `if the access tokens of this issuer are opaque, set ${field}.tokens to "opaque" and add introspection${vendor === 'auth0' ? '; Auth0 gives opaque tokens when no API audience was asked for' : ''}`,
      };
    case 'answer':
      return { remedy: 'get a new token; if it is new, check the client id and secret of introspection at the issuer' };
    case 'binding':
      return {
        remedy:
          'a bound token needs its proof: set dpop.mode to "accept" (or clientCertificate, behind a proxy), and let the client send the proof',
      };
    case 'revocation':
      return { remedy: 'it was taken back: sign in again' };
    case 'others':
      return { remedy: 'let the issuer write these claims as their standards say' };
  }
}

/** The issuer of the config that a token is of, else the first. */
function issuerOf(
  iss: unknown,
  { issuers }: SallyportConfig,
): { readonly issuer: IssuerConfig; readonly index: number } {
  const found = issuers.findIndex(({ issuer, tenants = [] }) =>
    [issuer, ...tenants.map((tenant) => issuer.replace('{tenantid}', tenant))].includes(
      typeof iss === 'string' ? iss : '',
    ),
  );
  const index = Math.max(0, found);
  const issuer = issuers[index];
  if (issuer === undefined) throw new Error('a configuration has at least one issuer');
  return { issuer, index };
}

function typeAdvice(issuer: IssuerConfig, vendor: Vendor, field: string): Advice {
  const byUrl = vendorOfUrl(issuer.issuer);
  if (issuer.profile === 'rfc9068' && byUrl !== undefined && byUrl !== 'workos' && byUrl !== 'authentik') {
    return { note: 'the profile is rfc9068, the issuer is not', remedy: `set ${field}.profile to "${byUrl}"` };
  }
  if (vendor === 'auth0')
    return {
      remedy:
        'send the access token, not the ID token; Auth0 dashboard > Applications > APIs > your API > Settings: access token profile',
    };
  return {
    remedy:
      'send the access token, not the ID token or the refresh token; if it is one, choose the profile of the issuer',
  };
}

function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
