import type { Vendor } from './vendor.ts';

export interface AudienceFacts {
  readonly vendor: Vendor;
  /** `aud` of the token, one or several. */
  readonly audiences: readonly string[];
  /** `client_id` or what the issuer calls it. */
  readonly clientId: string | undefined;
  readonly resource: string;
  /** The field of the config, such as `issuers[0].audience`. */
  readonly field: string;
}

export interface Advice {
  /** Why it is so, for the line of the finding. */
  readonly note?: string;
  readonly remedy: string;
}

const graph: ReadonlySet<string> = new Set([
  '00000003-0000-0000-c000-000000000000',
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
]);
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What to change where, so that the issuer's tokens and the audience of the config agree. Switching the check off is never it. */
export function audienceAdvice({ vendor, audiences, clientId, resource, field }: AudienceFacts): Advice {
  const [aud] = audiences;
  switch (vendor) {
    case 'entra':
      return entraAdvice(aud, resource, field);
    case 'cognito':
      return {
        note: 'Cognito puts no aud into access tokens: the client id stands for it',
        remedy: `set ${field} to the ids of your app clients${list([clientId])} (Cognito console > User pool > App clients)`,
      };
    case 'okta':
      return {
        remedy: `Okta admin console > Security > API > Authorization Servers > your server > Settings: set Audience to ${resource}, or, when that value names this server and no other, set ${field} to it${list(audiences)}`,
      };
    case 'auth0':
      return {
        remedy: `Auth0 dashboard > Applications > APIs: create an API with the identifier ${resource}; then Settings > Advanced: switch on the resource parameter compatibility profile, or name it as the default audience`,
      };
    case 'keycloak':
      return {
        ...(audiences.includes('account') && { note: 'Keycloak names only "account" unless a mapper adds more' }),
        remedy: `Keycloak admin console > Client scopes > a default scope > Mappers > Audience: set Included Custom Audience to ${resource}`,
      };
    case 'google':
      return {
        remedy: `ask for an identity token whose audience is ${resource}: gcloud auth print-identity-token --audiences=${resource}`,
      };
    case 'ping':
      return {
        remedy: `PingOne console > Applications > Resources > your resource: set Audience to ${resource}, or, when that value names this server and no other, set ${field} to it${list(audiences)}`,
      };
    case 'workos':
      return {
        note: 'WorkOS names the resource only when the client sends a resource indicator',
        remedy: `WorkOS dashboard > Connect > Configuration: add the resource indicator ${resource}, and let clients send resource=${resource}`,
      };
    case 'authentik':
      return {
        note: 'authentik puts the client id there',
        remedy: `set ${field} to the ids of your clients${list(audiences)}, or add a scope mapping that returns {"aud": "${resource}"} (authentik > Customization > Property Mappings)`,
      };
    case 'other':
      return {
        remedy: `let clients send resource=${resource} (RFC 8707), or, when the issuer has another name for this server and no other, set ${field} to it${list(audiences)}`,
      };
  }
}

function entraAdvice(aud: string | undefined, resource: string, field: string): Advice {
  if (aud !== undefined && graph.has(aud.toLowerCase())) {
    return {
      note: 'that is Microsoft Graph: the client asked for no scope of this server',
      remedy:
        'Entra admin center > App registrations > your API > Expose an API: add a scope, and let clients ask for it with its full name, api://<app id>/<scope>',
    };
  }
  if (aud !== undefined && guid.test(aud)) {
    return {
      note: 'Entra v2 puts the app id there, not the resource URL',
      remedy: `set ${field} to ["${aud}"] when that is the app id of this server (Entra admin center > App registrations > your API > Overview)`,
    };
  }
  const v1 = aud?.startsWith('api://') === true ? `Entra v1 puts the identifier URI there` : undefined;
  return {
    ...(v1 !== undefined && { note: v1 }),
    remedy: `Entra admin center > App registrations > your API > Manifest: set requestedAccessTokenVersion to 2, and set ${field} to the app id${
      aud === undefined || v1 === undefined ? '' : `, or set ${field} to ["${aud}"] as long as tokens are v1`
    }; ${resource} itself is never in aud unless it is the identifier URI`,
  };
}

function list(values: readonly (string | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? '' : `: ${JSON.stringify(known)}`;
}
