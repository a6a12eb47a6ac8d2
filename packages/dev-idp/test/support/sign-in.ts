import * as client from 'openid-client';
import type { DevIdp } from '../../src/index.ts';

export const redirectUri = 'http://127.0.0.1:53682/callback';

/** openid-client against the provider, as one of its clients. */
export function connect(
  idp: DevIdp,
  clientId: string = idp.clients.app.clientId,
  secret?: string,
): Promise<client.Configuration> {
  return client.discovery(
    new URL(idp.issuer),
    clientId,
    undefined,
    secret === undefined ? client.None() : client.ClientSecretBasic(secret),
    { execute: [client.allowInsecureRequests], algorithm: 'oauth2' },
  );
}

/** The whole authorization code flow with PKCE, without browser and without cookies. */
export async function signIn(
  config: client.Configuration,
  parameters: Record<string, string>,
  options: client.AuthorizationCodeGrantOptions = {},
): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers> {
  const verifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  const { resource } = parameters;
  return client.authorizationCodeGrant(
    config,
    await callback(url),
    { pkceCodeVerifier: verifier },
    resource === undefined ? {} : { resource },
    options,
  );
}

/** Where the provider sends the browser: the redirect URI with the code or the error. */
export async function callback(url: URL): Promise<URL> {
  const response = await fetch(url, { redirect: 'manual' });
  await response.body?.cancel();
  return new URL(response.headers.get('location') ?? 'missing:');
}
