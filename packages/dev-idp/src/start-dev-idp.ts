import type { Provider } from 'oidc-provider';
import type { DevIdp } from './dev-idp.ts';
import { resolveOptions, resolveResource, type DevIdpOptions } from './dev-idp-options.ts';
import { demoClients, type DevRunningClients } from './directory/demo-clients.ts';
import { createDoor } from './http/create-door.ts';
import { openServer } from './http/open-server.ts';
import { createKeyRing } from './keys/key-ring.ts';
import { mintLogoutToken } from './keys/mint-logout-token.ts';
import { mintToken } from './keys/mint-token.ts';
import { generateKey } from './keys/signing-keys.ts';
import { loadOidcProvider } from './provider/load-oidc-provider.ts';
import { mintOpaqueToken, revokeToken } from './provider/mint-opaque-token.ts';
import { createProviderState, providerConfiguration } from './provider/provider-configuration.ts';
import { allowStepUp } from './provider/step-up.ts';
import { createTokenClaims } from './provider/token-claims.ts';

/**
 * Starts an OpenID provider on loopback for demos and tests. It signs in whoever asks, without a password, and its secrets
 * are public: never use it for anything real.
 *
 * Every authorization request is answered with a redirect to the client's `redirect_uri` at once, so a client without a browser
 * needs one request that does not follow redirects, and no cookies. `login_hint` chooses the user; the first of `acr_values` is
 * granted, and `auth_time` is now. Granted are the scopes that were requested, that the resource knows, and that the user may have;
 * possibly none. A token request with a DPoP proof gets a token bound to its key.
 *
 * Keys, tokens and registrations live in memory and are new at each start.
 *
 * @throws TypeError for a wrong option, or the system's error when it can not listen.
 */
export async function startDevIdp(options: DevIdpOptions = {}): Promise<DevIdp> {
  const resolved = resolveOptions(options);
  const resources = new Map(resolved.resources.map((resource) => [resource.resource, resource]));
  const [library, keys, privateKey] = await Promise.all([loadOidcProvider(), createKeyRing(), generateKey('ES256')]);
  const clients: DevRunningClients = { ...demoClients, keyedResourceServer: { clientId: 'mcp-keyed', privateKey } };
  const claims = createTokenClaims();
  const state = createProviderState();

  const server = await openServer(resolved.host, resolved.port);
  const { issuer, port } = server;
  const build = (): { provider: Provider; answer: ReturnType<Provider['callback']> } => {
    const parts = { options: resolved, clients, keys: keys.all(), resources, claims, state, library };
    const provider = new library.Provider(issuer, providerConfiguration(parts));
    provider.use(allowStepUp);
    return { provider, answer: provider.callback() };
  };
  let current = build();
  const door = createDoor((request, response) => void current.answer(request, response));
  server.answer(door.listener);
  if (!resolved.quiet) process.stderr.write(warning(issuer));

  const defaultsOf = (wanted: { user?: string; subject?: string; clientId?: string; resource?: string }) => {
    const { user, subject } = wanted;
    if (user !== undefined && !resolved.users.has(user)) throw new TypeError(`dev IdP: there is no user ${user}`);
    const client = user === undefined && subject === undefined ? clients.robot : clients.app;
    const clientId = wanted.clientId ?? client.clientId;
    const resource = wanted.resource ?? resolved.resources[0]?.resource ?? issuer;
    return { issuer, subject: user ?? subject ?? clientId, clientId, resource };
  };

  return {
    issuer,
    port,
    clients,
    users: [...resolved.users.values()],
    addResource(resource) {
      const added = resolveResource(resource, resolved, 'resource');
      resources.set(added.resource, added);
    },
    async mintToken(wanted) {
      const defaults = defaultsOf(wanted);
      const expiresInSeconds = wanted.expiresInSeconds ?? resolved.accessTokenSeconds;
      const algorithm = resources.get(defaults.resource)?.algorithm ?? resolved.algorithm;
      return mintToken(keys.current(), { ...defaults, expiresInSeconds, algorithm }, wanted);
    },
    async mintOpaqueToken(wanted) {
      const expiresInSeconds = wanted.expiresInSeconds ?? resolved.accessTokenSeconds;
      return mintOpaqueToken(current.provider, claims, { ...defaultsOf(wanted), expiresInSeconds }, wanted);
    },
    revokeToken: (token) => revokeToken(current.provider, token),
    mintLogoutToken: (wanted) => mintLogoutToken(keys.current(), { issuer, algorithm: resolved.algorithm }, wanted),
    async rotateKeys() {
      await keys.rotate();
      current = build();
    },
    dropOldKeys() {
      keys.dropOld();
      current = build();
    },
    fail: (failure) => door.fail(failure),
    heal: (endpoint) => door.heal(endpoint),
    requests: (endpoint) => door.requests(endpoint),
    close: () => server.close(),
  };
}

function warning(issuer: string): string {
  return `\n  DEVELOPMENT ONLY: ${issuer} signs in whoever asks, without a password.\n  Never let a real server trust it.\n\n`;
}
