import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import type { AdapterFactory, Client, Configuration, KoaContextWithOIDC, ResourceServer } from 'oidc-provider';
import type { ResolvedOptions } from '../dev-idp-options.ts';
import type { DevClients, DevRunningClients } from '../directory/demo-clients.ts';
import type { DevResource } from '../directory/dev-resource.ts';
import { isLocalRedirectUri, isLoopbackOrigin } from '../http/loopback.ts';
import { consent, grantable, signIn, silentPolicy } from './automatic-consent.ts';
import { createClientFetch, isDocumentUrl, keepLocal } from './client-documents.ts';
import { clientMetadata } from './client-metadata.ts';
import { createMemoryAdapter } from './memory-adapter.ts';
import type { TokenClaims } from './token-claims.ts';

/** What outlives a change of keys: the library takes its keys once, so that new keys mean a new instance of it. */
export interface ProviderState {
  readonly adapter: AdapterFactory;
  readonly cookieKey: string;
  readonly nonceSecret: Buffer;
}

export function createProviderState(): ProviderState {
  return {
    adapter: createMemoryAdapter(),
    cookieKey: randomBytes(32).toString('base64url'),
    nonceSecret: randomBytes(32),
  };
}

export interface ProviderParts {
  readonly options: ResolvedOptions;
  readonly clients: DevRunningClients;
  /** Private keys; of those that fit it signs with the first, and it publishes all. */
  readonly keys: readonly JWK[];
  /** By identifier; may grow while the provider runs. */
  readonly resources: ReadonlyMap<string, Required<DevResource>>;
  readonly claims: TokenClaims;
  readonly state: ProviderState;
  readonly library: typeof import('oidc-provider');
}

/** Everything oidc-provider is told. What is left to its defaults is left so on purpose. */
export function providerConfiguration(parts: ProviderParts): Configuration {
  const { options, clients, keys, resources, claims, state, library } = parts;
  const { users, accessTokenSeconds, clientIdMetadataDocuments } = options;
  const { errors, interactionPolicy } = library;
  const day = 24 * 60 * 60;
  return {
    adapter: state.adapter,
    clients: clientMetadata(clients, options.algorithm),
    jwks: { keys: [...keys] as NonNullable<Configuration['jwks']>['keys'] },
    cookies: { keys: [state.cookieKey] },
    // Published for clients that want to know; any other that is asked for is granted too.
    acrValues: ['phr', 'phrh'],
    fetch: createClientFetch(clientIdMetadataDocuments),
    scopes: [
      'openid',
      'offline_access',
      ...new Set([options.scopes, ...options.resources.map((each) => each.scopes)].flat()),
    ],
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: accessTokenSeconds,
      AuthorizationCode: 60,
      Grant: 14 * day,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 14 * day,
      Session: day,
    },
    responseTypes: ['code'],
    pkce: { required: () => true },
    findAccount: (_ctx, name) => (users.has(name) ? { accountId: name, claims: () => ({ sub: name }) } : undefined),
    interactions: { policy: silentPolicy(interactionPolicy) },
    extraParams: { dev_idp: (ctx) => signIn(ctx, users, errors) },
    loadExistingGrant: (ctx) => consent(ctx, users),
    expiresWithSession: () => false,
    // Errors that can not go to a redirect URI: nobody looks at pages here.
    renderError(ctx, out) {
      ctx.type = 'json';
      ctx.body = out;
    },
    clientBasedCORS: (_ctx, origin) => isLoopbackOrigin(origin),
    // A scope that a client registers with would bind it for good, and its step-up would be refused.
    extraClientMetadata: {
      properties: ['scope', 'redirect_uris'],
      validator(_ctx, name, value, metadata) {
        if (name === 'scope') delete metadata['scope'];
        if (name === 'redirect_uris' && isDocumentUrl(metadata['client_id'])) keepLocal(metadata);
        else if (
          name === 'redirect_uris' &&
          Array.isArray(value) &&
          !value.every((uri) => isLocalRedirectUri(String(uri)))
        ) {
          throw new errors.InvalidClientMetadata('redirect_uris must be on loopback or have a private-use scheme');
        }
      },
    },
    extraTokenClaims: (ctx, token) => claims.of(ctx, token),
    features: {
      clientCredentials: { enabled: true },
      clientIdMetadataDocument: { enabled: clientIdMetadataDocuments !== undefined, ack: 'draft-02' },
      devInteractions: { enabled: false },
      dPoP: { enabled: true, nonceSecret: state.nonceSecret, requireNonce: () => options.dpopNonces },
      introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => mayAskAbout(clients, client, token) },
      jwtIntrospection: { enabled: true },
      registration: { enabled: true, issueRegistrationAccessToken: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) => oneOf?.[0] ?? options.resources[0]?.resource,
        useGrantedResource: () => true,
        getResourceServerInfo(ctx, identifier, client) {
          const resource = resources.get(identifier);
          if (resource === undefined)
            throw new errors.InvalidTarget(`the dev IdP does not know the resource ${identifier}`);
          return resourceServer(resource, knownScopes(ctx, resource, client, clients));
        },
      },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: { enabled: false },
    },
  };
}

function resourceServer(resource: Required<DevResource>, scopes: readonly string[]): ResourceServer {
  const common = { scope: scopes.join(' '), audience: resource.resource };
  if (resource.tokens === 'opaque') return { ...common, accessTokenFormat: 'opaque' };
  return { ...common, accessTokenFormat: 'jwt', jwt: { sign: { alg: resource.algorithm } } };
}

/** A machine is granted its scopes here, because there is no user to consent; one that registered itself gets none. */
function knownScopes(
  ctx: KoaContextWithOIDC,
  resource: Required<DevResource>,
  client: Client,
  clients: DevClients,
): readonly string[] {
  if (ctx.oidc.params?.['grant_type'] !== 'client_credentials') return resource.scopes;
  const machine = [clients.robot, clients.courier].find(({ clientId }) => clientId === client.clientId);
  return grantable(resource.scopes, machine?.scopes ?? []);
}

function mayAskAbout(clients: DevRunningClients, client: Client, token: { clientId?: string | undefined }): boolean {
  const servers = [clients.resourceServer.clientId, clients.keyedResourceServer.clientId];
  return servers.includes(client.clientId) || client.clientId === token.clientId;
}
