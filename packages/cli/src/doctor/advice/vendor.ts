import type { IssuerConfig } from '@sallyport/config';

/** Whose console an administrator has to open. */
export type Vendor =
  | 'entra'
  | 'okta'
  | 'auth0'
  | 'keycloak'
  | 'cognito'
  | 'google'
  | 'ping'
  | 'workos'
  | 'authentik'
  | 'other';

const hosts: readonly (readonly [suffix: string, vendor: Vendor])[] = [
  ['login.microsoftonline.com', 'entra'],
  ['login.microsoftonline.us', 'entra'],
  ['sts.windows.net', 'entra'],
  ['.ciamlogin.com', 'entra'],
  ['.okta.com', 'okta'],
  ['.oktapreview.com', 'okta'],
  ['.auth0.com', 'auth0'],
  ['accounts.google.com', 'google'],
  ['.pingone.com', 'ping'],
  ['.pingone.eu', 'ping'],
  ['.authkit.app', 'workos'],
  ['api.workos.com', 'workos'],
];

/** What an issuer is by its URL; `undefined` where that does not say. */
export function vendorOfUrl(issuer: string): Vendor | undefined {
  if (!URL.canParse(issuer)) return undefined;
  const { hostname, pathname } = new URL(issuer);
  const known = hosts.find(([suffix]) => hostname === suffix || (suffix.startsWith('.') && hostname.endsWith(suffix)));
  if (known !== undefined) return known[1];
  if (hostname.startsWith('cognito-idp.')) return 'cognito';
  if (pathname.includes('/realms/')) return 'keycloak';
  if (pathname.startsWith('/application/o/')) return 'authentik';
  return undefined;
}

/** What an issuer is: by its profile, else by its URL. */
export function vendorOf({ profile, issuer }: Pick<IssuerConfig, 'profile' | 'issuer'>): Vendor {
  return profile === 'rfc9068' ? (vendorOfUrl(issuer) ?? 'other') : profile;
}

/** Where an administrator registers clients by hand. */
export const clientConsole: Readonly<Record<Vendor, string>> = {
  entra:
    'Entra admin center > App registrations > New registration (platform: mobile and desktop, the redirect URI of the client)',
  okta: 'Okta admin console > Applications > Create App Integration > OIDC, native application',
  auth0:
    'Auth0 dashboard > Applications > Create Application > Native (or switch on Settings > Advanced > OIDC Dynamic Application Registration)',
  keycloak: 'Keycloak admin console > Clients > Create client, client authentication off',
  cognito: 'Cognito console > User pool > App clients > Create app client, public',
  google:
    'Google Cloud console > APIs & Services > Credentials; tokens of people are not for other servers, use service accounts',
  ping: 'PingOne console > Applications > Add > OIDC native application',
  workos: 'WorkOS dashboard > Connect > Configuration: switch on client id metadata documents or dynamic registration',
  authentik: 'authentik admin interface > Applications > Providers > OAuth2/OpenID, public client',
  other: 'the console of the issuer: a public client with PKCE',
};
