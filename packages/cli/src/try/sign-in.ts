import { randomBytes } from 'node:crypto';
import {
  checkResourceAllowed,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  exchangeAuthorization,
  startAuthorization,
  validateAuthorizationResponseIssuer,
  type AuthorizationServerMetadata,
  type OAuthProtectedResourceMetadata,
} from '@modelcontextprotocol/client';
import { SetupError } from '@sallyport/core';
import { isLoopbackHost } from './server-url.ts';

export interface SignInOptions {
  /** The MCP endpoint. */
  readonly endpoint: URL;
  /** Whom the issuer shall sign in. */
  readonly user: string;
  /** Scopes to ask for; absent or empty: those the server's metadata names for a first sign-in. */
  readonly scopes: readonly string[] | undefined;
  readonly fetchFn: typeof fetch;
}

export interface SignedIn {
  /** The access token: never print it. */
  readonly token: string;
  readonly issuer: string;
  /** Scopes that were asked for and that were granted, as far as the issuer says. */
  readonly asked: readonly string[];
  readonly granted: readonly string[];
}

/** The development IdP knows this client without registration, and its redirect URI with any port (RFC 8252 §7.3). */
const client = { client_id: 'sallyport-demo' };
const redirectUri = 'http://127.0.0.1/callback';

/**
 * Signs a user in without browser and without questions: the authorization code flow with PKCE at the issuer the server's metadata
 * names (RFC 9728). Only at an issuer on this machine that answers at once, which is a development IdP; nobody else would.
 *
 * @throws SetupError `ERR_CLI_SIGN_IN`
 */
export async function signIn(options: SignInOptions): Promise<SignedIn> {
  const { endpoint, user, fetchFn } = options;
  const resource = await resourceMetadata(endpoint, fetchFn);
  const issuers = resource.authorization_servers ?? [];
  const issuer = issuers.find(isLoopbackUrl) ?? issuers[0] ?? '';
  const asked = options.scopes?.length ? options.scopes : (resource.scopes_supported ?? []);
  requireLoopback(issuer, resource.resource, asked);
  const metadata = await issuerMetadata(issuer, fetchFn);
  requireLoopback(metadata.authorization_endpoint, resource.resource, asked);
  requireLoopback(metadata.token_endpoint, resource.resource, asked);

  const state = randomBytes(16).toString('base64url');
  const target = new URL(resource.resource);
  const { authorizationUrl, codeVerifier } = await startAuthorization(issuer, {
    metadata,
    clientInformation: client,
    redirectUrl: redirectUri,
    state,
    resource: target,
    ...(asked.length > 0 && { scope: asked.join(' ') }),
  });
  authorizationUrl.searchParams.set('login_hint', user);
  const callback = await authorize(authorizationUrl, state, metadata, fetchFn);
  const iss = callback.searchParams.get('iss');
  const tokens = await exchangeAuthorization(issuer, {
    metadata,
    clientInformation: client,
    authorizationCode: callback.searchParams.get('code') ?? '',
    codeVerifier,
    redirectUri,
    resource: target,
    fetchFn: asFetchLike(fetchFn),
    ...(iss !== null && { iss }),
  }).catch((cause: unknown) => {
    if (cause instanceof SetupError) throw cause;
    throw signInError(`${issuer} gave no token: ${messageOf(cause)}`, otherWay, cause);
  });
  const granted = tokens.scope === undefined ? asked : tokens.scope.split(' ').filter((scope) => scope !== '');
  return { token: tokens.access_token, issuer, asked, granted: granted.filter((scope) => scope !== 'openid') };
}

const otherWay = 'get an access token another way and pass its file with --token-file';

async function resourceMetadata(endpoint: URL, fetchFn: typeof fetch): Promise<OAuthProtectedResourceMetadata> {
  const metadata = await discoverOAuthProtectedResourceMetadata(endpoint, {}, asFetchLike(fetchFn)).catch(
    (cause: unknown) => {
      // A connection that failed says so itself.
      if (cause instanceof SetupError) throw cause;
      throw signInError(
        `the server at ${endpoint.href} has no usable protected resource metadata (RFC 9728): ${messageOf(cause)}`,
        'check --url: it must be the exact URL of the MCP endpoint',
        cause,
      );
    },
  );
  if (checkResourceAllowed({ requestedResource: endpoint, configuredResource: metadata.resource })) return metadata;
  throw signInError(
    `the metadata of ${endpoint.href} is for another resource, ${metadata.resource}`,
    `use --url ${metadata.resource}`,
  );
}

async function issuerMetadata(issuer: string, fetchFn: typeof fetch): Promise<AuthorizationServerMetadata> {
  const metadata = await discoverAuthorizationServerMetadata(issuer, { fetchFn: asFetchLike(fetchFn) }).catch(
    (cause: unknown) => {
      if (cause instanceof SetupError) throw cause;
      throw signInError(
        `the issuer ${issuer} can not be asked: ${messageOf(cause)}`,
        'check that the development IdP is running',
        cause,
      );
    },
  );
  if (metadata !== undefined) return metadata;
  throw signInError(`the issuer ${issuer} has no metadata`, 'check that the development IdP is running');
}

/** Sends the authorization request and reads the redirect that answers it, without following it. */
async function authorize(
  url: URL,
  state: string,
  metadata: AuthorizationServerMetadata,
  fetchFn: typeof fetch,
): Promise<URL> {
  const response = await fetchFn(url, { redirect: 'manual' });
  const location = response.headers.get('location') ?? '';
  if (!location.startsWith(`${redirectUri}?`)) {
    throw signInError(
      `the issuer ${url.origin} did not answer at once (HTTP ${response.status}): it wants a person, or it does not know the client ${client.client_id}`,
      otherWay,
    );
  }
  const callback = new URL(location);
  requireOwnAnswer(callback, state, metadata);
  const error = callback.searchParams.get('error');
  if (error === null) return callback;
  const description = callback.searchParams.get('error_description');
  throw signInError(
    `the issuer refused: ${error}${description === null ? '' : `, ${description}`}`,
    'check the user of --as, and that the issuer knows this resource',
  );
}

/** The answer must be for this sign-in (RFC 6749 §10.12) and from this issuer (RFC 9207), before anything else of it is read. */
function requireOwnAnswer(callback: URL, state: string, metadata: AuthorizationServerMetadata): void {
  try {
    if (callback.searchParams.get('state') !== state) throw new Error('its state is another one');
    validateAuthorizationResponseIssuer({
      iss: callback.searchParams.get('iss') ?? undefined,
      expectedIssuer: metadata.issuer,
      issParameterSupported: metadata.authorization_response_iss_parameter_supported === true,
    });
  } catch (cause) {
    throw signInError(
      `the issuer ${metadata.issuer} answered for another sign-in or issuer`,
      'do not use this issuer until that is explained',
      cause,
    );
  }
}

function requireLoopback(text: string, resource: string, scopes: readonly string[]): void {
  if (isLoopbackUrl(text)) return;
  throw signInError(
    `--as signs in only at a development IdP on this machine, and this server's issuer is ${text === '' ? 'not named in its metadata' : text}`,
    `get an access token from the issuer for the resource ${resource}${
      scopes.length === 0 ? '' : ` with the scopes ${scopes.join(' ')}`
    } and pass its file with --token-file`,
  );
}

function isLoopbackUrl(text: string): boolean {
  return URL.canParse(text) && isLoopbackHost(new URL(text).hostname);
}

function asFetchLike(fetchFn: typeof fetch): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return (url, init) => fetchFn(url, init);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The message of a schema is a list of issues in JSON.
  return error.name === 'ZodError' ? 'it has not the form it should have' : error.message;
}

function signInError(problem: string, remedy: string, cause?: unknown): SetupError {
  return new SetupError({ code: 'ERR_CLI_SIGN_IN', problem, remedy, cause });
}
